// One document: what it is, statement by statement what it prints, what fails in it.
import { useState } from "preact/hooks";
import { document_, lines as readLines } from "../data.js";
import { quoted, sqlLines } from "../csv.js";
import { useWords } from "../i18n.js";
import { Loaded, useLoaded } from "../loading.jsx";
import { exact, fen } from "../money.js";
import { Findings } from "../parts/findings.jsx";
import { Section } from "../parts/section.jsx";
import { Table } from "../parts/table.jsx";
import { to, toDepartment, toNumber } from "../router.js";
import { isWithoutFault } from "./disclosures.js";
import { TheDocument } from "./number.jsx";

export function DocumentPage({ parts: [id] }) {
  const state = useLoaded(() => Promise.all([document_(id), readLines(id)]), [id]);
  return <Loaded state={state}>{([document, lines]) => <Shown document={document} lines={lines} />}</Loaded>;
}

const QUALIFIERS = ["fund", "nature", "measure"]; // what tells apart the amounts of one row

function Shown({ document, lines }) {
  const { t, label, meaning, count, inWords, said } = useWords();
  const numbers = [...new Set(lines.map((line) => line.statement_no))].sort((a, b) => (a || 1e6) - (b || 1e6));
  const [chosen, setChosen] = useState(numbers[0]);
  const of = (number) => lines.find((line) => line.statement_no === number);
  const shown = lines.filter((line) => line.statement_no === chosen).map((line) => ({ ...line, amount: fen(line.amount) }));
  window.document.title = `${document.department} ${document.fiscal_year} · 预算 Yusuan`;
  return (
    <>
      <p class="crumbs">
        {document.department_id && (
          <a href={toDepartment(document.department_id)}>
            <bdi>{document.department}</bdi>
          </a>
        )}
      </p>
      <h1>
        <bdi>{document.department}</bdi>{" "}
        <small>
          {document.fiscal_year} {label("kind", document.kind)}
        </small>
      </h1>
      <p class="lead">
        {count(document.lines ?? 0)} {t("lines")} · {count(document.checks_passed ?? 0)} {t("identities")}
        {document.checks_failed ? ` · ${count(document.checks_failed)} ${t("fails")}` : ""}
      </p>
      {document.errors.length > 0 && (
        <p class="note bad">
          <a href={to(["errors", document.document_id])}>
            {t("publisher_errors")}: {document.errors.length}
          </a>
        </p>
      )}
      {numbers.length > 0 && (
        <Section id="statements" title={t("statement")}>
          <label class="visually-hidden" for="statement">
            {t("statement")}
          </label>
          <select id="statement" value={chosen} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
            {numbers.map((number) => (
              <option value={number}>
                {number ? `${number} · ${of(number).statement_title || label("statement", of(number).statement)}` : t("in_sentence")}
              </option>
            ))}
          </select>
          <Table
            name={`budget_lines-${document.document_id}-${chosen}`}
            caption={t("statement")}
            some={40}
            columns={[
              { key: "row", spare: true, label: "#", kind: "number" },
              { key: "code", spare: true, label: t("code"), kind: "code" },
              {
                key: "name",
                label: t("name"),
                show: (row) => (
                  <>
                    <bdi>
                      {row.name}
                      {row.unit ? ` · ${row.unit}` : ""}
                    </bdi>
                    <small class="narrow">{QUALIFIERS.map((name) => (row[name] ? label(name, row[name]) : "?")).join(" · ")}</small>
                  </>
                ),
              },
              { key: "fund", spare: true, label: t("from_source"), show: (row) => (row.fund ? label("fund", row.fund) : "?") },
              { key: "nature", spare: true, label: t("nature"), show: (row) => (row.nature ? label("nature", row.nature) : "?") },
              { key: "measure", spare: true, label: t("measure"), show: (row) => label("measure", row.measure) },
              {
                key: "amount",
                label: t("amount"),
                kind: "money",
                show: (row) => (
                  <a
                    class={`amount${row.contradictions ? " doubtful" : ""}`}
                    href={toNumber(document.document_id, [[row.statement_no, row.row, row.column]])}
                    data-tip={`${row.amount_text} ${row.unit_text} · ${row.proofs ? t("proofs_n", { n: row.proofs }) : t("proofs_0")}`}
                  >
                    {exact(row.amount)}
                  </a>
                ),
              },
              { key: "page", label: t("page"), kind: "number" },
            ]}
            rows={shown}
            sql={sqlLines(
              `SELECT "row", code, name, fund, nature, measure, amount, page`,
              `FROM budget_lines`,
              `WHERE document_id = ${quoted(document.document_id)} AND statement_no = ${chosen}`,
              `ORDER BY "row", "column";`,
            )}
          />
        </Section>
      )}
      {document.failed.length > 0 && (
        <Section id="failed" title={t("failed_checks")} note={isWithoutFault(document) ? t("withheld_note") : undefined}>
          <ul class="held">
            {document.failed.map((row) => (
              <li>
                {meaning("check", row.check_id)} <small class="inline">{row.check_id}</small> · <bdi>{inWords(row.subject)}</bdi>
                <small>
                  <bdi>{said(row.detail)}</bdi>
                </small>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {document.findings.length > 0 && (
        <Section id="findings" title={t("findings")}>
          <Findings rows={document.findings} />
        </Section>
      )}
      <TheDocument document={document} />
    </>
  );
}
