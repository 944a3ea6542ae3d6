// An identity written out: the whole, its parts, each with its number, and whether it holds.
import { useState } from "preact/hooks";
import { useWords } from "../i18n.js";
import { divided, exact, fen } from "../money.js";
import { toNumber } from "../router.js";

const SOME = 12;

export function IdentityLine({ identity, lines, document, own }) {
  const { t, meaning, declared } = useWords();
  const [all, setAll] = useState(false);
  const parts = identity.parts ?? [];
  const shown = all ? parts : parts.slice(0, SOME);
  const members = [...(identity.whole ?? []), ...parts].map((n) => lines[n]);
  const differing = ["name", "statement", "nature", "fund", "measure", "unit"].filter(
    (key) => new Set(members.map((line) => line[key])).size > 1,
  );
  const gap = fen(identity.actual) - fen(identity.expected);
  const tolerance = Number(identity.tolerance) ? t("within", { n: identity.tolerance.replace(/\.?0+$/, "") }) : "";
  const holds = identity.outcome === "pass";
  const side = (numbers) =>
    numbers.map((n, at) => (
      <>
        {at > 0 && <span class="sign"> + </span>}
        <Member line={lines[n]} own={own.has(n)} document={document} differing={differing} />
      </>
    ));
  return (
    <li class={`identity ${holds ? "holds" : "fails"}`}>
      <p class="what">
        {meaning("check", identity.check_id)}{" "}
        <small class="faint" data-tip={declared("check", identity.check_id)} tabindex="0">
          {identity.check_id}
        </small>
      </p>
      <p class="equation">
        {identity.whole?.length ? side(identity.whole) : <span class="member">0</span>}
        <span class="sign"> {identity.at_least ? "≥" : "="} </span>
        {parts.length ? side(shown) : <span class="member">0</span>}
        {parts.length > shown.length && (
          <button type="button" onClick={() => setAll(true)}>
            {t("other_identities", { n: parts.length - shown.length })}
          </button>
        )}
      </p>
      <p class="outcome">
        <b>{holds ? `✓ ${t("holds")}` : `✗ ${t("fails")}`}</b>
        {parts.length > 1 && <span> · Σ {exact(fen(identity.expected))}</span>}
        {gap !== 0n && !identity.at_least && <span> · {t("differs", { n: divided(gap, 100n, 2) })}</span>}
        {tolerance && <span> · {tolerance}</span>}
      </p>
    </li>
  );
}

function Member({ line, own, document, differing }) {
  const { label } = useWords();
  const told = differing
    .map((key) =>
      key === "name" ? line.standard_name || line.name : key === "unit" ? line.unit : line[key] === null ? null : label(key, line[key]),
    )
    .filter(Boolean);
  const words = told.length ? told.join(" · ") : line.name;
  return (
    <a class={`member${own ? " own" : ""}`} href={toNumber(document, [[line.statement_no, line.row, line.column]])}>
      <bdi>{words}</bdi> <b>{exact(fen(line.amount))}</b>
    </a>
  );
}
