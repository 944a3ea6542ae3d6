// Parts of a department's page that are lists of figures: by economic code, 三公, budget and account, changes, documents.
import { useWords } from "../i18n.js";
import { fen, percent, sum } from "../money.js";
import { quoted, sqlLines } from "../csv.js";
import { Amount, Change, Grade } from "../parts/amount.jsx";
import { Bars, Columns } from "../parts/bars.jsx";
import { Outliers } from "../parts/outliers.jsx";
import { Section } from "../parts/section.jsx";
import { Table } from "../parts/table.jsx";
import { to, toDocument } from "../router.js";
import { hueOf, useCodeNames } from "./department_spending.jsx";
import { measureOf } from "./disclosures.js";

const ECONOMIC = ["basic", "general_public", "fiscal_appropriation_basic"]; // the most detailed first
const THREE = ["total", "abroad", "reception", "vehicles", "vehicle_purchase", "vehicle_operation", "conference", "training"];
const PARTS_OF_THREE = ["abroad", "reception", "vehicles"];
const MOST_BARS = 12;
const CLASS = 3; // digits of a 类

export function ByEconomic({ one, body, measure }) {
  const { t, label } = useWords();
  const nameOf = useCodeNames(body, "economic");
  const figure = ECONOMIC.find((name) => one.economic.some((row) => `${name}_${measure}` in row.amounts));
  if (!figure) return null;
  const column = `${figure}_${measure}`;
  const rows = one.economic.filter((row) => column in row.amounts);
  const total = sum(rows.map((row) => fen(row.amounts[column])));
  const largest = [...rows].sort((a, b) => (fen(a.amounts[column]) < fen(b.amounts[column]) ? 1 : -1)).slice(0, MOST_BARS);
  const classes = [...new Set(largest.map((row) => row.code?.slice(0, CLASS)))].filter(Boolean).sort();
  return (
    <Section
      id="economic"
      title={t("by_economic")}
      more={{ href: to(["compare"], { what: "economic", code: largest[0].code, year: one.fiscal_year, measure }), text: t("compared") }}
      note={`${figure === "basic" ? t("by_economic_note") : `${label("figure", figure)} ·`} ${t("no_whole_note")}`}
    >
      {classes.length > 1 && (
        <p class="legend">
          {classes.map((code) => (
            <span class={`hue-${hueOf(code)}`}>{nameOf(code)}</span>
          ))}
        </p>
      )}
      <Bars
        label={t("by_economic")}
        rows={largest.map((row) => ({
          key: row.code ?? row.name,
          name: nameOf(row.code, row.name),
          note: row.code,
          href: row.code && to(["compare"], { what: "economic", code: row.code, year: one.fiscal_year, measure }),
          value: fen(row.amounts[column]),
          hue: hueOf(row.code),
          show: <Amount value={fen(row.amounts[column])} lines={row.lines[column]} documents={body.documents} />,
        }))}
      />
      <Table
        name={`spending_by_economic-${one.disclosure_id}`}
        caption={t("by_economic")}
        some={5}
        columns={[
          { key: "code", label: t("code"), kind: "code", spare: true },
          { key: "name", label: t("name"), show: (row) => <bdi>{nameOf(row.code, row.name)}</bdi> },
          {
            key: column,
            label: t("amount"),
            kind: "money",
            show: (row) => <Amount value={row[column]} lines={row.lines} documents={body.documents} />,
          },
          { key: "share", label: t("share_of_rows"), kind: "number", screen: true, show: (row) => `${percent(row[column], total)}%` },
        ]}
        rows={rows.map((row) => ({ code: row.code, name: row.name, [column]: fen(row.amounts[column]), lines: row.lines[column] }))}
        sql={sqlLines(
          `SELECT code, name, ${column}`,
          `FROM spending_by_economic`,
          `WHERE disclosure_id = ${quoted(one.disclosure_id)} AND ${column} IS NOT NULL`,
          `ORDER BY code, name;`,
        )}
      />
    </Section>
  );
}

export function ThreePublic({ one, body, measure }) {
  const { t, label } = useWords();
  const alike = body.disclosures.filter((row) => row.level === one.level && row.kind === one.kind && row.three_public);
  if (!one.three_public) return null;
  const own = one.three_public;
  const years = [...new Set(alike.map((row) => row.fiscal_year))].sort();
  const totals = alike
    .filter((row) => `total_${measureOf(row)}` in row.three_public.amounts)
    .map((row) => ({ year: row.fiscal_year, value: fen(row.three_public.amounts[`total_${measureOf(row)}`]), row }));
  const cells = THREE.filter((code) => `${code}_budget` in own.amounts || `${code}_final` in own.amounts);
  const value = (code, which) => (`${code}_${which}` in own.amounts ? fen(own.amounts[`${code}_${which}`]) : null);
  const columns = ["budget", "final"].filter((which) => cells.some((code) => value(code, which) !== null));
  const select = (code) => {
    const amounts = columns.map((which) => `${code}_${which} AS ${which}`).join(", ");
    return `SELECT '${code}' AS part, ${amounts} FROM three_public WHERE disclosure_id = ${quoted(one.disclosure_id)}`;
  };
  return (
    <Section
      id="three"
      title={t("three_public")}
      more={{ href: to(["compare"], { what: "three_total", year: one.fiscal_year, measure }), text: t("compared") }}
    >
      {years.length > 1 && (
        <Columns
          years={years}
          label={t("three_public")}
          series={totals.map((point) => ({ ...point, hue: 3 }))}
          show={(point) => (
            <Amount value={point.value} lines={point.row.three_public.lines[`total_${measureOf(point.row)}`]} documents={body.documents} />
          )}
        />
      )}
      <Bars
        label={t("three_public")}
        rows={PARTS_OF_THREE.filter((code) => value(code, measure) !== null).map((code) => ({
          key: code,
          name: label("three", code),
          value: value(code, measure),
          hue: 3,
          show: <Amount value={value(code, measure)} lines={own.lines[`${code}_${measure}`]} documents={body.documents} />,
        }))}
      />
      <Table
        name={`three_public-${one.disclosure_id}`}
        caption={t("three_public")}
        columns={[
          { key: "part", label: t("name"), show: (row) => label("three", row.part) },
          ...columns.map((which) => ({
            key: which,
            label: label("measure", which),
            kind: "money",
            show: (row) => <Amount value={row[which]} lines={own.lines[`${row.part}_${which}`]} documents={body.documents} />,
          })),
        ]}
        rows={cells.map((code) => ({ part: code, budget: value(code, "budget"), final: value(code, "final") }))}
        sql={`${cells.map(select).join("\nUNION ALL ")};`}
      />
    </Section>
  );
}

export function BudgetFinal({ one, body }) {
  const { t, amount } = useWords();
  const nameOf = useCodeNames(body, "function");
  if (!one.budget_vs_final.length) return null;
  const rows = one.budget_vs_final.map((row) => ({
    ...row,
    budget: fen(row.budget),
    final: fen(row.final),
    difference: fen(row.difference),
  }));
  const total = (key) => sum(rows.map((row) => row[key]));
  return (
    <Section id="account" title={t("budget_final")} note={t("no_whole_account_note")}>
      <Bars
        label={t("budget_final")}
        rows={["budget", "final"].map((which) => ({
          key: which,
          name: `${t(which)} · ${t("sum_of_rows")}`,
          value: total(which),
          hue: which === "budget" ? 1 : 3,
          show: amount(total(which)),
        }))}
      />
      <Table
        name={`budget_vs_final-${one.disclosure_id}`}
        caption={t("budget_final")}
        columns={[
          { key: "code", label: t("code"), kind: "code", spare: true },
          { key: "name", label: t("name"), show: (row) => <bdi>{nameOf(row.code, row.name)}</bdi> },
          { key: "budget", label: t("budget"), kind: "money" },
          { key: "final", label: t("final"), kind: "money" },
          { key: "difference", label: t("difference"), kind: "money" },
          {
            key: "percent",
            label: t("percent"),
            kind: "number",
            screen: true,
            show: (row) => (row.budget ? `${percent(row.final, row.budget)}%` : "–"),
          },
        ]}
        rows={rows}
        sql={sqlLines(
          `SELECT code, name, budget, final, difference`,
          `FROM budget_vs_final`,
          `WHERE disclosure_id = ${quoted(one.disclosure_id)}`,
          `ORDER BY code, name;`,
        )}
      />
    </Section>
  );
}

export function Changes({ one, body }) {
  const { t, label, amount } = useWords();
  const nameOf = useCodeNames(body, "function");
  const rows = one.changes
    .filter((row) => row.reason || row.change_amount !== null || row.change_pct !== null)
    .map((row) => ({ ...row, amount: fen(row.amount), change_amount: fen(row.change_amount) }));
  if (!rows.length) return null;
  const called = (row) =>
    row.scheme === "indicator" ? label("indicator", row.code) : row.name || nameOf(row.code, row.code ?? label("statement", row.statement));
  const size = (row) => {
    const value = row.change_amount;
    return value === null ? -1n : value < 0n ? -value : value;
  };
  const order = [...rows].sort((a, b) => (size(a) < size(b) ? 1 : size(a) > size(b) ? -1 : 0));
  return (
    <Section id="changes" title={t("changes")} note={t("changes_note")}>
      <Table
        name={`changes_on_last_year-${one.disclosure_id}`}
        caption={t("changes")}
        some={10}
        columns={[
          {
            key: "name",
            label: t("name"),
            show: (row) => (
              <>
                <bdi>{called(row)}</bdi>
                {row.unit && (
                  <small>
                    {" "}
                    <bdi>{row.unit}</bdi>
                  </small>
                )}
                {row.reason && (
                  <small class="narrow words">
                    <bdi>{row.reason}</bdi>
                  </small>
                )}
              </>
            ),
            csv: (row) => row.name,
          },
          {
            key: "amount",
            spare: true,
            label: t("amount"),
            kind: "money",
            show: (row) => <Amount value={row.amount} />,
          },
          {
            key: "change_amount",
            label: t("on_last_year"),
            kind: "money",
            show: (row) => <Change value={row.change_amount} />,
          },
          {
            key: "change_pct",
            label: "%",
            kind: "number",
            show: (row) => (row.change_pct === null ? <span class="none">–</span> : `${row.change_pct.replace("-", "−")}%`),
          },
          {
            key: "reason",
            spare: true,
            label: t("why_not"),
            show: (row) => (row.reason ? <bdi class="words">{row.reason}</bdi> : <span class="none">–</span>),
          },
        ]}
        rows={order}
        sql={sqlLines(
          `SELECT name, amount, change_amount, change_pct, reason`,
          `FROM changes_on_last_year`,
          `WHERE disclosure_id = ${quoted(one.disclosure_id)}`,
          `  AND coalesce(reason, change_amount::VARCHAR, change_pct::VARCHAR) IS NOT NULL`,
          `ORDER BY abs(change_amount) DESC NULLS LAST, item;`,
        )}
      />
    </Section>
  );
}

export function Far({ one }) {
  const { t } = useWords();
  if (!one.outliers.length) return null;
  return (
    <Section id="far" title={t("far")} note={t("far_note")}>
      <Outliers rows={one.outliers} />
    </Section>
  );
}

export function HeldBack({ one }) {
  const { t, label, meaning, said } = useWords();
  if (!one.held_back.length) return null;
  return (
    <Section id="held" title={t("held_back")} note={t("held_back_note")}>
      <ul class="held">
        {one.held_back.map((row) => (
          <li>
            <b>{label("figure", row.figure)}</b> · {label("measure", row.measure)} ·{" "}
            <span data-tip={meaning("outcome", row.outcome)} tabindex="0">
              {label("outcome", row.outcome)}
            </span>
            {row.page ? ` · ${t("page_n", { n: row.page })}` : ""}
            {row.reason && (
              <small>
                <bdi>{said(row.reason)}</bdi>
              </small>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function ItsDocuments({ body }) {
  const { t, label, count } = useWords();
  return (
    <Section id="documents" title={t("its_documents")}>
      <ul class="documents">
        {body.documents.map((row) => (
          <li key={row.document_id}>
            <a href={toDocument(row.document_id)}>
              {row.fiscal_year} {label("kind", row.kind)} · {label("level", row.level)}
            </a>
            <span>
              <bdi>{row.file_name}</bdi>
            </span>
            <span>
              {row.pages ? t("page_n", { n: `1–${row.pages}` }) : ""} · {count(row.lines ?? 0)} {t("lines")} ·{" "}
              {count(row.checks_passed ?? 0)} {t("identities")}
            </span>
            <Grade grade={row.grade} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
