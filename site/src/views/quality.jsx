// How good the dataset is: what was read and what not, what holds, and which errors are the publishers' own.
import { useState } from "preact/hooks";
import { document_, identities, lines as readLines, partitions as readPartitions, quality } from "../data.js";
import { useWords } from "../i18n.js";
import { Loaded, useLoaded } from "../loading.jsx";
import { exact, fen } from "../money.js";
import { Grade } from "../parts/amount.jsx";
import { Findings } from "../parts/findings.jsx";
import { GradeBar } from "../parts/grades.jsx";
import { Outliers } from "../parts/outliers.jsx";
import { Section } from "../parts/section.jsx";
import { IdentityLine } from "../parts/identity.jsx";
import { Cut } from "../parts/sheet.jsx";
import { Table } from "../parts/table.jsx";
import { to, toDepartment, toDocument, toNumber } from "../router.js";

const AT_ONCE = 24; // partitions that are read together; of more one is chosen

const rate = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(2)}%` : "–");

export function Quality({ query, start }) {
  const state = useLoaded(readPartitions, []);
  return <Loaded state={state}>{(partitions) => <Scores query={query} start={{ ...start, partitions }} />}</Loaded>;
}

function Scores({ query, start }) {
  const { t, count, provinceName } = useWords();
  const { counts, partitions, grades } = start;
  const few = partitions.length <= AT_ONCE;
  const newest = partitions.filter((one) => one.published).at(-1) ?? partitions[0];
  const chosen = query.of ?? (few ? "all" : `${newest.year}|${newest.province}`);
  const wanted = chosen === "all" ? partitions : partitions.filter((one) => `${one.year}|${one.province}` === chosen);
  const state = useLoaded(() => Promise.all(wanted.map((one) => quality(one.year, one.province))), [chosen]);
  const names = new Map(start.provinces.map((one) => [one.id, provinceName(one)]));
  window.document.title = `${t("quality")} · 预算 Yusuan`;
  return (
    <>
      <h1>{t("quality")}</h1>
      <p class="lead">{t("quality_note")}</p>
      <dl class="facts">
        <div>
          <dt>{t("documents")}</dt>
          <dd>
            {count(counts.published)} / {count(counts.documents)}
          </dd>
        </div>
        <div>
          <dt>{t("captured")}</dt>
          <dd>{rate(counts.amounts_captured, counts.amounts_printed)}</dd>
        </div>
        <div>
          <dt>{t("checks_hold")}</dt>
          <dd>{rate(counts.checks_passed, counts.checks_passed + counts.checks_failed)}</dd>
        </div>
        <div>
          <dt>{t("publisher_errors")}</dt>
          <dd>{count(counts.publisher_errors)}</dd>
        </div>
      </dl>
      <GradeBar grades={grades} large />
      <Section id="places" title={t("by_province")}>
        <Table
          name="quality-partitions"
          caption={t("by_province")}
          some={15}
          columns={[
            { key: "year", label: t("year"), kind: "number", show: (row) => row.year || "?" },
            {
              key: "province",
              label: t("province_choice"),
              show: (row) => <a href={to(["quality"], { of: `${row.year}|${row.province}` })}>{names.get(row.province) ?? row.province}</a>,
            },
            { key: "published", label: t("documents"), kind: "number", show: (row) => `${row.published} / ${row.documents}` },
            { key: "grades", label: t("grade"), screen: true, show: (row) => <GradeBar grades={row.grades} /> },
            { key: "reconciled", spare: true, label: t("reconciled"), kind: "number" },
            {
              key: "captured",
              spare: true,
              label: t("captured"),
              kind: "number",
              show: (row) => rate(row.amounts_captured, row.amounts_printed),
              csv: (row) => row.amounts_captured,
            },
            {
              key: "checks",
              spare: true,
              label: t("checks_hold"),
              kind: "number",
              show: (row) => rate(row.checks_passed, row.checks_passed + row.checks_failed),
              csv: (row) => row.checks_passed,
            },
            { key: "publisher_errors", spare: true, label: t("publisher_errors"), kind: "number" },
          ]}
          rows={partitions}
        />
      </Section>
      {(!few || chosen !== "all") && (
        <p class="choices">
          <label>
            {t("choose_partition")}
            <select
              value={chosen}
              onChange={(event) => {
                window.location.hash = to(["quality"], { of: event.currentTarget.value });
              }}
            >
              {few && <option value="all">{t("all")}</option>}
              {partitions.map((one) => (
                <option value={`${one.year}|${one.province}`}>
                  {one.year || "?"} {names.get(one.province) ?? one.province}
                </option>
              ))}
            </select>
          </label>
        </p>
      )}
      <Loaded state={state}>
        {(parts) => <Documents documents={parts.flatMap((part) => part.documents)} wrong={parts.flatMap((part) => part.wrong)} />}
      </Loaded>
    </>
  );
}

function Documents({ documents, wrong }) {
  const { t, label, count, said, placeName } = useWords();
  const lost = documents.filter((row) => row.status !== "published");
  const errors = wrong.filter((row) => row.errors.length);
  const far = wrong.filter((row) => row.outliers.length);
  const doubts = wrong.filter((row) => row.findings.length);
  const published = documents.filter((row) => row.status === "published");
  const order = "DCBA";
  published.sort((a, b) => order.indexOf(a.grade) - order.indexOf(b.grade) || b.checks_failed - a.checks_failed);
  return (
    <>
      {lost.length > 0 && (
        <Section id="lost" title={t("not_read")}>
          <ul class="held">
            {lost.map((row) => (
              <li>
                <b>
                  <bdi>{row.file_name}</bdi>
                </b>{" "}
                · {label("status", row.status)}
                <small>
                  <bdi>{said(row.reason)}</bdi>
                </small>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {errors.length > 0 && (
        <Section id="errors" title={t("publisher_errors")} note={t("publisher_errors_note")}>
          <ul class="documents">
            {errors.map((row) => (
              <li>
                <a href={to(["errors", row.document_id])}>
                  <bdi>{row.department ?? row.file_name}</bdi>
                </a>
                <span>
                  {row.fiscal_year} {label("kind", row.kind)} · <bdi>{placeName(row.region_name)}</bdi>
                </span>
                <span>
                  {t("errors_n", { n: row.errors.length })}:{" "}
                  <bdi>{[...new Set(row.errors.map((one) => one.name))].slice(0, 4).join("、")}</bdi>
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section id="scores" title={t("documents")}>
        <Table
          name="quality-documents"
          caption={t("documents")}
          columns={[
            {
              key: "department",
              label: t("department"),
              show: (row) => (
                <a href={toDocument(row.document_id)}>
                  <bdi>{row.department ?? row.file_name}</bdi>
                </a>
              ),
            },
            { key: "region_name", spare: true, label: t("region"), show: (row) => <bdi>{placeName(row.region_name)}</bdi> },
            { key: "fiscal_year", label: t("year"), kind: "number", show: (row) => row.fiscal_year },
            { key: "grade", label: t("grade"), show: (row) => <Grade grade={row.grade} /> },
            { key: "lines", spare: true, label: t("lines_number"), kind: "number" },
            {
              key: "amounts_captured",
              spare: true,
              label: t("captured"),
              kind: "number",
              show: (row) => rate(row.amounts_captured, row.amounts_printed),
            },
            { key: "checks_passed", spare: true, label: t("holds"), kind: "number" },
            { key: "checks_failed", label: t("fails"), kind: "number" },
          ]}
          rows={published}
        />
      </Section>
      {far.length > 0 && (
        <Section id="far" title={t("far")} note={t("far_note")}>
          {far.map((row) => (
            <section key={row.document_id} aria-label={row.department ?? row.file_name}>
              <h3>
                <a href={toDocument(row.document_id)}>
                  <bdi>{row.department ?? row.file_name}</bdi>
                </a>{" "}
                <small>
                  {row.fiscal_year} {label("kind", row.kind)} · <bdi>{placeName(row.region_name)}</bdi>
                </small>
              </h3>
              <Outliers rows={row.outliers} />
            </section>
          ))}
        </Section>
      )}
      {doubts.length > 0 && (
        <Section id="doubts" title={t("other_findings")}>
          {doubts.map((row) => (
            <details key={row.document_id}>
              <summary>
                <bdi>{row.department ?? row.file_name}</bdi> · {row.fiscal_year} · {count(row.findings.length)}
              </summary>
              <Findings rows={row.findings} />
            </details>
          ))}
        </Section>
      )}
    </>
  );
}

/** A page that can be sent to the office: each number that its document contradicts, with the page. */
export function Errors({ parts: [id] }) {
  const state = useLoaded(() => Promise.all([document_(id), readLines(id), identities(id)]), [id]);
  return <Loaded state={state}>{([document, lines, proofs]) => <Letter document={document} lines={lines} proofs={proofs} />}</Loaded>;
}

function Letter({ document, lines, proofs }) {
  const { t, label } = useWords();
  const [today] = useState(() => new Date().toISOString().slice(0, 10));
  window.document.title = `${t("publisher_errors")} · ${document.department}`;
  const pages = new Map();
  for (const error of document.errors) pages.set(error.page, [...(pages.get(error.page) ?? []), error]);
  if (!document.errors.length)
    return (
      <p class="note">
        {t("no_publisher_errors")} <a href={to(["doc", document.document_id])}>{t("see_document")} →</a>
      </p>
    );
  return (
    <article class="letter">
      <p class="crumbs no-print">
        {document.department_id && (
          <a href={toDepartment(document.department_id)}>
            <bdi>{document.department}</bdi>
          </a>
        )}{" "}
        <button type="button" onClick={() => window.print()}>
          {t("print")}
        </button>
      </p>
      <h1>{t("letter", { name: document.department ?? document.file_name })}</h1>
      <p class="lead">{t("letter_lead")}</p>
      <p>
        <bdi>{document.file_name}</bdi> · {document.fiscal_year} {label("kind", document.kind)} · SHA-256{" "}
        <span class="hash">{document.sha256}</span>
        {document.source_url && (
          <>
            {" "}
            · <bdi>{document.source_url}</bdi>
          </>
        )}{" "}
        · {today}
      </p>
      {[...pages].map(([page, errors]) => (
        <section class="part" aria-label={t("page_n", { n: page })}>
          <h2>
            {t("page_n", { n: page })} · {label("statement", errors[0].statement)}
          </h2>
          <ul class="errors">
            {errors.map((one) => (
              <li>
                <b>
                  <bdi>{one.name}</bdi>
                </b>
                : {t("printed_number")}{" "}
                <a href={toNumber(document.document_id, [[one.statement_no, one.row, one.column]])}>
                  <bdi>{one.amount_text}</bdi>
                </a>{" "}
                ({exact(fen(one.amount))} {t("yuan")});{" "}
                {one.implied === null ? (
                  t("several_possible")
                ) : (
                  <>
                    {t("implied_number")}{" "}
                    <b>
                      {exact(fen(one.implied))} {t("yuan")}
                    </b>
                  </>
                )}
                <ul class="identities">
                  {broken(one, lines, proofs).map(([number, identity]) => (
                    <IdentityLine identity={identity} lines={lines} document={document.document_id} own={new Set([number])} />
                  ))}
                </ul>
              </li>
            ))}
          </ul>
          {document.pictures[String(page)] && errors[0].box[0] !== null && (
            <Cut document={document.document_id} page={page} size={document.pictures[String(page)]} boxes={errors.map((one) => one.box)} />
          )}
        </section>
      ))}
    </article>
  );
}

/** The identities that fail with a number, and the place of its line. */
function broken(error, lines, proofs) {
  const number = lines.findIndex(
    (line) => line.statement_no === error.statement_no && line.row === error.row && line.column === error.column,
  );
  return proofs
    .filter((proof) => proof.outcome === "fail" && (proof.whole?.includes(number) || proof.parts?.includes(number)))
    .map((proof) => [number, proof]);
}
