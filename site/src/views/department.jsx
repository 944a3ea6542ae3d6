// A department or unit: whose page it is, of which year, its totals. All below them is in department_parts.jsx.
import { useState } from "preact/hooks";
import { department, disclosure } from "../data.js";
import { useWords } from "../i18n.js";
import { Loaded, useLoaded } from "../loading.jsx";
import { fen, percent } from "../money.js";
import { Amount, Change, Grade } from "../parts/amount.jsx";
import { to, toDepartment } from "../router.js";
import { departmentParts } from "./parts_of_department.js";
import { before, isWithoutFault, measureOf } from "./disclosures.js";

const CARDS = [
  "expenditure",
  "revenue",
  "general_public",
  "expenditure_basic",
  "expenditure_project",
  "three_public",
  "procurement",
  "agency_operating",
];

export function Department({ parts: [id], query, start }) {
  const state = useLoaded(() => department(id), [id]);
  return <Loaded state={state}>{(body) => <Body body={body} query={query} start={start} />}</Loaded>;
}

function Body({ body, query, start }) {
  const { t, label, provinceName } = useWords();
  const { disclosures } = body;
  const asked = disclosures.findIndex((one) => one.disclosure_id === query.of);
  const [chosen, setChosen] = useState(Math.max(asked, 0));
  const one = disclosures[chosen];
  const place = start.provinces.find((row) => row.id === body.province);
  document.title = `${body.name} · 预算 Yusuan`;
  return (
    <>
      <p class="crumbs">
        <a href="#/">{t("start")}</a> › <a href={to(["p", body.province])}>{place ? provinceName(place) : body.province}</a>
        {body.region_name && place?.name !== body.region_name && (
          <>
            {" "}
            › <bdi>{body.region_name}</bdi>
          </>
        )}
        {body.parent && (
          <>
            {" "}
            › <a href={toDepartment(body.parent)}>{t("by_department")}</a>
          </>
        )}
      </p>
      <h1>
        <bdi>{body.name}</bdi>
      </h1>
      {disclosures.length > 0 && (
        <div class="choice" role="group" aria-label={t("year")}>
          {disclosures.map((row, n) => (
            <button type="button" aria-pressed={n === chosen} onClick={() => setChosen(n)}>
              {row.fiscal_year} {label("kind", row.kind)}
              {disclosures.some((other) => other.level !== row.level) ? ` · ${label("level", row.level)}` : ""}
            </button>
          ))}
        </div>
      )}
      {one ? (
        <Disclosure key={one.disclosure_id} one={one} body={body} query={query} />
      ) : (
        <>
          <p class="note">{t("no_amount")}</p>
          <Below body={body} />
        </>
      )}
    </>
  );
}

function Disclosure({ one, body, query }) {
  const { t } = useWords();
  const doubts = Math.max(one.doubts, one.held_back_number);
  const failing = one.documents.map((n) => body.documents[n]).filter((document) => document.checks_failed > 0);
  return (
    <>
      <p class="standing">
        <Grade grade={one.grade} />{" "}
        {doubts > 0 && (
          <a
            class="doubt"
            href="#held"
            onClick={(event) => {
              event.preventDefault();
              document.getElementById("held")?.scrollIntoView();
            }}
          >
            {t("doubts_n", { n: doubts })}
          </a>
        )}{" "}
        {failing.map((document) => (
          <a
            class={isWithoutFault(document) ? "withheld" : "doubt"}
            key={document.document_id}
            href={to(["doc", document.document_id], { at: "failed" })}
            data-tip={isWithoutFault(document) ? t("withheld_note") : undefined}
          >
            {t(isWithoutFault(document) ? "withheld_n" : "failed_n", { n: document.checks_failed })}
          </a>
        ))}
        {one.standing !== "counted" && <span class="note"> {t("standing_note")}</span>}
      </p>
      <Totals one={one} body={body} measure={measureOf(one)} />
      <Below body={body} one={one} query={query} />
    </>
  );
}

/** All below the totals: its code and its file come while these are read already. */
function Below({ body, one, query }) {
  const read = () => Promise.all([departmentParts(), one && disclosure(body, one.disclosure_id)]);
  const state = useLoaded(read, [one?.disclosure_id]);
  return (
    <Loaded state={state}>
      {([{ Parts, Around }, rest]) => (
        <>
          {rest && <Parts one={{ ...one, ...rest }} body={{ ...body, names_of_codes: rest.names_of_codes }} query={query} />}
          <Around body={body} />
        </>
      )}
    </Loaded>
  );
}

function Totals({ one, body, measure }) {
  const { t, label, meaning } = useWords();
  const last = before(body.disclosures, one);
  const cards = CARDS.filter((name) => one.totals[`${name}_${measure}`]);
  return (
    <dl class="cards">
      {cards.map((name, n) => {
        const [number, source, lines, place] = one.totals[`${name}_${measure}`];
        const value = fen(number);
        const earlier = last?.totals[`${name}_${measure}`];
        const [grand] = (name === "expenditure" && one.totals[`grand_total_${measure}`]) || [];
        const other = grand !== undefined && fen(grand) !== value; // what is carried to the next year is in one of the two
        const change = earlier ? value - fen(earlier[0]) : null;
        return (
          <div class={n === 0 ? "card first" : "card"} key={name}>
            <dt>{other ? t("of_this_year") : label("figure", name)}</dt>
            <dd>
              <Amount value={value} lines={lines} place={place} documents={body.documents} />
              {other && (
                <small class="grand">
                  {label("figure", "grand_total")} <Amount value={fen(grand)} />
                </small>
              )}
              {change !== null && (
                <small class={change < 0n ? "down" : "up"}>
                  {t("on_last_year")}{" "}
                  {fen(earlier[0]) ? <span class="amount">{`${change > 0n ? "+" : ""}${percent(change, fen(earlier[0]))}%`}</span> : ""}{" "}
                  <Change value={change} />
                </small>
              )}
              {source && source !== "table" && (
                <small class="faint">
                  <span data-tip={meaning("total_source", source)} tabindex="0">
                    {label("total_source", source)}
                  </span>
                </small>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
