// One printed number: where it stands, what it is, and what proves it.
import { useState } from "preact/hooks";
import { document_, identities, lines as readLines } from "../data.js";
import { useWords } from "../i18n.js";
import { Loaded, useLoaded } from "../loading.jsx";
import { exact, fen, sum } from "../money.js";
import { Grade } from "../parts/amount.jsx";
import { IdentityLine } from "../parts/identity.jsx";
import { Section } from "../parts/section.jsx";
import { Sheet } from "../parts/sheet.jsx";
import { toDepartment, toDocument, toNumber } from "../router.js";

const SOME = 6;
const MOST_PAGES = 3; // pictures of a sum
const boxOf = (line) => [line.x0, line.y0, line.x1, line.y1];

export function NumberPage({ parts: [id, places = ""], start }) {
  const state = useLoaded(() => Promise.all([document_(id), readLines(id), identities(id)]), [id]);
  const asked = places.split("+").map((place) => place.split(".").map(Number));
  return <Loaded state={state}>{([document, lines, proofs]) => <Found {...{ document, lines, proofs, asked, start }} />}</Loaded>;
}

function Found({ document, lines, proofs, asked, start }) {
  const { t } = useWords();
  const own = asked.map(([s, r, c]) => lines.findIndex((line) => line.statement_no === s && line.row === r && line.column === c));
  if (own.some((n) => n < 0)) return <p class="note bad">{t("missing")}</p>;
  const chosen = own.map((n) => lines[n]);
  return chosen.length > 1 ? <Sum {...{ document, chosen, start }} /> : <One {...{ document, lines, proofs, number: own[0], start }} />;
}

export function Head({ document }) {
  const { label } = useWords();
  const about = <bdi>{document.department}</bdi>;
  return (
    <p class="crumbs">
      {document.department_id ? <a href={toDepartment(document.department_id, { of: document.disclosure_id })}>{about}</a> : about}
      {" › "}
      <a href={toDocument(document.document_id)}>
        {document.fiscal_year} {label("kind", document.kind)}
      </a>
    </p>
  );
}

function Sum({ document, chosen }) {
  const { t, amount, label } = useWords();
  const total = sum(chosen.map((line) => fen(line.amount)));
  const names = new Set(chosen.map((line) => line.standard_name || line.name));
  const title = names.size === 1 ? [...names][0] : t("sum_of", { n: chosen.length });
  const boxed = chosen.filter((line) => document.pictures[String(line.page)] && line.x0 !== null && line.x0 !== undefined);
  const pages = [...new Set(boxed.map((line) => line.page))].slice(0, MOST_PAGES);
  window.document.title = `${title} ${exact(total)} · 预算 Yusuan`;
  return (
    <>
      <Head document={document} />
      <h1>
        <bdi>{title}</bdi>
      </h1>
      <p class="big">
        {amount(total)}{" "}
        <small>
          {exact(total)} {t("yuan")}
        </small>
      </p>
      <Section id="terms" title={t("terms")} note={t("sum_of_site", { n: chosen.length })}>
        <ul class="bodies terms">
          {chosen.map((line) => (
            <li>
              <a href={toNumber(document.document_id, [[line.statement_no, line.row, line.column]])}>
                <bdi>{line.name}</bdi>
              </a>
              <small>
                <bdi>{line.unit ?? line.project ?? label("statement", line.statement)}</bdi>
              </small>
              <span>{line.page ? t("page_n", { n: line.page }) : ""}</span>
              <span class="money">
                {exact(fen(line.amount))} {t("yuan")}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      {pages.length > 0 && (
        <Section id="where" title={t("where")}>
          {pages.map((page) => (
            <Sheet
              key={page}
              document={document.document_id}
              page={page}
              size={document.pictures[String(page)]}
              marks={boxed.filter((line) => line.page === page).map((line) => ({ box: boxOf(line), kind: "main" }))}
            />
          ))}
        </Section>
      )}
    </>
  );
}

function One({ document, lines, proofs, number, start }) {
  const { t, label, meaning, amount } = useWords();
  const [all, setAll] = useState(false);
  const line = lines[number];
  const value = fen(line.amount);
  const name = line.standard_name || line.name;
  const inside = proofs.filter((proof) => proof.whole?.includes(number) || proof.parts?.includes(number));
  const told = inside.filter((proof) => proof.outcome !== "not_applicable").sort((a, b) => rank(a) - rank(b));
  const own = new Set([number]);
  const size = line.page ? document.pictures[String(line.page)] : null;
  const boxed = line.x0 !== null && line.x0 !== undefined;
  const near = new Set(
    told
      .slice(0, 1)
      .flatMap((proof) => [...(proof.whole ?? []), ...(proof.parts ?? [])])
      .filter((n) => n !== number),
  );
  const marks = [
    ...[...near]
      .map((n) => lines[n])
      .filter((other) => other.page === line.page && other.x0 !== null)
      .map((other) => ({ box: boxOf(other), kind: "other" })),
    { box: boxOf(line), kind: "main" },
  ];
  window.document.title = `${name} ${exact(value)} · 预算 Yusuan`;
  return (
    <>
      <Head document={document} />
      <h1>
        <bdi>{name}</bdi> {/^\d/.test(line.code ?? "") && <small>{line.code}</small>}
      </h1>
      <p class="big">
        {amount(value)}{" "}
        <small>
          {exact(value)} {t("yuan")}
        </small>
      </p>
      <div class="proof">
        <div class="evidence">
          <Section id="proven" title={t("how_proven")}>
            <p class={line.contradictions ? "verdict bad" : line.proofs ? "verdict good" : "verdict"}>
              {line.contradictions
                ? t("contradicted")
                : line.proofs
                  ? t("proofs_n", { n: line.proofs })
                  : told.length
                    ? ""
                    : t("no_identity")}
              {line.amount_evidence === "repaired" && <> · {t("repaired")}</>}
              {line.column_evidence !== "printed" && <> · {meaning("column_evidence", line.column_evidence)}</>}
            </p>
            {document.outliers.some((row) => row.lines.some((at) => isPlace(at, line))) && <p class="note">{t("far_mark")}</p>}
            <ul class="identities">
              {(all ? told : told.slice(0, SOME)).map((identity) => (
                <IdentityLine {...{ identity, lines, document: document.document_id, own }} />
              ))}
            </ul>
            {told.length > SOME && !all && (
              <button type="button" onClick={() => setAll(true)}>
                {t("other_identities", { n: told.length - SOME })}
              </button>
            )}
          </Section>
          <Section id="what" title={t("what_is_it")}>
            <dl class="about">
              <div>
                <dt>{t("printed_as")}</dt>
                <dd>
                  <bdi>{line.amount_text}</bdi> {line.unit_text}
                </dd>
              </div>
              <div>
                <dt>{t("statement")}</dt>
                <dd>
                  {label("statement", line.statement)}
                  {line.statement_title && (
                    <small>
                      {" "}
                      <bdi>{line.statement_title}</bdi>
                    </small>
                  )}
                </dd>
              </div>
              <div>
                <dt>{t("where")}</dt>
                <dd>
                  {line.page ? t("page_n", { n: line.page }) : ""} {line.cell ?? ""} ·{" "}
                  {line.source === "narrative" ? t("in_sentence") : t("table_row", { s: line.statement_no, r: line.row, c: line.column })}
                </dd>
              </div>
              <div>
                <dt>{label("flow", line.flow)}</dt>
                <dd>
                  {line.fund ? label("fund", line.fund) : "?"} · {line.nature ? label("nature", line.nature) : "?"} ·{" "}
                  {label("measure", line.measure)}
                </dd>
              </div>
              {line.name !== name && (
                <div>
                  <dt>{t("name")}</dt>
                  <dd>
                    <bdi>{line.name}</bdi>
                  </dd>
                </div>
              )}
              {line.unit && (
                <div>
                  <dt>{t("kind_u")}</dt>
                  <dd>
                    <bdi>{line.unit}</bdi>
                  </dd>
                </div>
              )}
              {line.project && (
                <div>
                  <dt>{t("kind_p")}</dt>
                  <dd>
                    <bdi>{line.project}</bdi>
                  </dd>
                </div>
              )}
            </dl>
          </Section>
        </div>
        <div class="page-picture">
          {size && boxed ? (
            <Sheet document={document.document_id} page={line.page} size={size} marks={marks} />
          ) : (
            line.page && <p class="note">{t("no_picture", { n: line.page })}</p>
          )}
        </div>
      </div>
      <TheDocument document={document} />
      <Sharing {...{ document, line, value, name, start }} />
    </>
  );
}

const isPlace = ([statement, row, column], line) => line.statement_no === statement && line.row === row && line.column === column;

/** Identities that fail first, then sums, the shorter the sooner; bounds last. */
const rank = (proof) => (proof.outcome === "fail" ? 0 : 1000) + (proof.at_least ? 500 : 0) + Math.abs((proof.parts?.length ?? 0) - 3);

export function TheDocument({ document }) {
  const { t, label, meaning } = useWords();
  return (
    <Section id="document" title={t("the_document")}>
      <dl class="about">
        <div>
          <dt>{t("department")}</dt>
          <dd>
            <bdi>{document.department}</bdi>{" "}
            {document.parent_department && (
              <small>
                <bdi>{document.parent_department}</bdi>
              </small>
            )}{" "}
            <Grade grade={document.grade} />
          </dd>
        </div>
        <div>
          <dt>{t("file")}</dt>
          <dd>
            <bdi>{document.file_name}</bdi>
          </dd>
        </div>
        <div>
          <dt>{t("source_address")}</dt>
          <dd>
            {safe(document.source_url) ? (
              <a href={document.source_url} rel="noreferrer noopener">
                {document.source_url}
              </a>
            ) : (
              "–"
            )}
          </dd>
        </div>
        <div>
          <dt>SHA-256</dt>
          <dd class="hash">{document.sha256}</dd>
        </div>
      </dl>
      {document.evidence.length > 0 && (
        <details>
          <summary>{t("identity_evidence")}</summary>
          <ul class="evidence-list">
            {document.evidence.map((row) => (
              <li class={row.is_published ? "" : "bad"}>
                <b>{meaning("attribute", row.attribute)}</b>:{" "}
                <bdi>{["kind", "level"].includes(row.attribute) ? label(row.attribute, row.value) : row.value}</bdi> –{" "}
                {row.is_published ? t("says") : t("against")}: {meaning("place", row.place)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

/** Addresses come from registries: only those of the web are links. */
const safe = (address) => /^https?:\/\//i.test(address ?? "");

function Sharing({ document, line, value, name, start }) {
  const { t, label } = useWords();
  const address = window.location.href;
  const about = `${document.department ?? ""} ${document.fiscal_year} ${label("kind", document.kind)}`;
  const where = `${about}, ${label("statement", line.statement)}, ${line.page ? t("page_n", { n: line.page }) : ""}`;
  const { dataset } = start;
  const cite = [
    `${where}: ${name} ${exact(value)} ${t("yuan")} (${line.amount_text} ${line.unit_text}). SHA-256 ${document.sha256.slice(0, 16)}. `,
    `${dataset.name} ${dataset.version} ${dataset.snapshot ?? ""}, ${dataset.licence}. ${address}`,
  ].join("");
  const place = t("table_row", { s: line.statement_no, r: line.row, c: line.column });
  const report = [
    where,
    document.file_name,
    `SHA-256 ${document.sha256}`,
    `${place}: ${name} = ${line.amount_text} ${line.unit_text} (${exact(value)} ${t("yuan")})`,
    `${address}\n\n`,
  ].join("\n");
  return (
    <div class="sharing">
      <Copyable label={t("permalink")} text={address} />
      <Copyable label={t("cite")} text={cite} />
      <Copyable label={t("report")} text={report} note={t("report_note")} />
    </div>
  );
}

function Copyable({ label, text, note }) {
  const { t } = useWords();
  const [done, setDone] = useState(false);
  const copy = async (event) => {
    const area = event.currentTarget.parentElement.querySelector("textarea");
    area.select();
    await navigator.clipboard?.writeText(text).then(
      () => setDone(true),
      () => {},
    );
  };
  return (
    <details>
      <summary>{label}</summary>
      {note && <p class="note">{note}</p>}
      <textarea readonly rows={4} aria-label={label} value={text} />
      <button type="button" onClick={copy}>
        {done ? t("copied") : t("copy")}
      </button>
    </details>
  );
}
