// What a department spends, seen whole: from source to purpose, by function, basic against project.
import { useWords } from "../i18n.js";
import { fen, percent, sum } from "../money.js";
import { quoted, sqlLines } from "../csv.js";
import { Amount } from "../parts/amount.jsx";
import { Bars } from "../parts/bars.jsx";
import { MARK } from "../parts/outliers.jsx";
import { Sankey } from "../parts/sankey.jsx";
import { Section } from "../parts/section.jsx";
import { Table } from "../parts/table.jsx";
import { Treemap, treeOf } from "../parts/treemap.jsx";
import { to, toNumber } from "../router.js";
import { against } from "./disclosures.js";

const FIGURES = ["expenditure", "general_public", "government_fund", "state_capital"]; // the widest first
const CLASS = 3; // digits of a 类
const GROUP = 5; // digits of a 款
const HUES = 10;
const MOST_NODES = 9;

export const hueOf = (code) => (Number.parseInt((code ?? "0").slice(0, 3), 10) || 0) % HUES;

/** The widest figure that rows by function have, and its rows. */
function widest(one, measure) {
  for (const figure of FIGURES) {
    const column = `${figure}_${measure}`;
    const rows = one.function.filter((row) => column in row.amounts);
    if (rows.length) return { figure, column, rows };
  }
  return null;
}

/** What codes are called; of `one` those that are far from the usual with the mark that leads to the note. */
export function useCodeNames(body, scheme, one) {
  const { called } = useWords();
  const far = new Set(one?.outliers.filter((row) => row.scheme === scheme).map((row) => row.code));
  return (code, otherwise) => {
    const known = body.names_of_codes[scheme][code];
    const name = known ? called(known[0], known[1]) : (otherwise ?? code);
    return far.has(code) ? `${name}${MARK}` : name;
  };
}

function classesOf(rows, column) {
  const classes = new Map();
  for (const row of rows) {
    const code = row.code ? row.code.slice(0, CLASS) : "";
    classes.set(code, (classes.get(code) ?? 0n) + fen(row.amounts[column]));
  }
  return [...classes].map(([code, value]) => ({ code, value })).sort((a, b) => (a.value < b.value ? 1 : -1));
}

export function Flow({ one, body, measure }) {
  const { t, label, amount } = useWords();
  const nameOf = useCodeNames(body, "function", one);
  const column = `revenue_${measure}`;
  const revenue = one.revenue.filter((row) => column in row.amounts && fen(row.amounts[column]) > 0n);
  const spent = widest(one, measure);
  if (!revenue.length) return null;
  const sources = revenue
    .map((row) => ({ key: row.fund, name: label("fund", row.fund), value: fen(row.amounts[column]), hue: "r" }))
    .sort((a, b) => (a.value < b.value ? 1 : -1));
  const classes = spent?.figure === "expenditure" ? classesOf(spent.rows, spent.column).filter((one_) => one_.value > 0n) : [];
  const purposes = classes
    .slice(0, MOST_NODES)
    .map(({ code, value }) => ({ key: code, name: code ? nameOf(code) : t("unclassified"), value, hue: hueOf(code) }));
  if (classes.length > MOST_NODES)
    purposes.push({ key: "rest", name: t("rest"), value: sum(classes.slice(MOST_NODES).map((c) => c.value)), hue: "c" });
  const { total, printed, rest } = against(
    one,
    column,
    sources.map((row) => row.value),
  );
  const notListed = (value) => ({ key: "not_listed", name: t("not_listed"), value, hue: "c" });
  if (rest > 0n) sources.push(notListed(rest));
  if (purposes.length) {
    const whole = against(
      one,
      spent.column,
      spent.rows.map((row) => fen(row.amounts[spent.column])),
    );
    if (whole.rest > 0n) purposes.push(notListed(whole.rest));
    const [grand] = one.totals[`grand_total_${measure}`] ?? [];
    const carried = grand === undefined || !whole.printed ? 0n : fen(grand) - whole.total;
    if (carried > 0n) purposes.push({ key: "carried", name: t("carried_on"), value: carried, hue: "c" });
  }
  return (
    <Section id="flow" title={purposes.length ? t("to_purpose") : t("from_source")}>
      {purposes.length > 0 && <Sankey sources={sources} purposes={purposes} centre={body.name} label={t("sankey")} />}
      <Table
        name={`revenue_by_source-${one.disclosure_id}`}
        caption={t("from_source")}
        some={revenue.length}
        columns={[
          { key: "fund", label: t("from_source"), show: (row) => label("fund", row.fund) },
          {
            key: column,
            label: t("amount"),
            kind: "money",
            show: (row) => <Amount value={row[column]} lines={row.lines} documents={body.documents} />,
          },
          {
            key: "share",
            label: t(printed ? "share" : "share_of_rows"),
            kind: "number",
            screen: true,
            show: (row) => `${percent(row[column], total)}%`,
          },
        ]}
        rows={one.revenue
          .filter((row) => column in row.amounts)
          .map((row) => ({ fund: row.fund, [column]: fen(row.amounts[column]), lines: row.lines[column] }))
          .sort((a, b) => (a[column] < b[column] ? 1 : a[column] > b[column] ? -1 : a.fund < b.fund ? -1 : 1))}
        left={rest > 0n ? { fund: t("not_listed"), [column]: rest, share: `${percent(rest, total)}%` } : undefined}
        sql={sqlLines(
          `SELECT fund, ${column}`,
          `FROM revenue_by_source`,
          `WHERE disclosure_id = ${quoted(one.disclosure_id)} AND ${column} IS NOT NULL`,
          `ORDER BY ${column} DESC, fund;`,
        )}
      />
      <p class="visually-hidden">{amount(total)}</p>
    </Section>
  );
}

export function ByFunction({ one, body, measure }) {
  const { t, label, amount } = useWords();
  const nameOf = useCodeNames(body, "function", one);
  const spent = widest(one, measure);
  if (!spent) return null;
  const { column, rows } = spent;
  const { total, printed, rest } = against(
    one,
    column,
    rows.map((row) => fen(row.amounts[column])),
  );
  const tiles = rows.map((row) => ({
    code: row.code,
    name: nameOf(row.code, row.name),
    value: fen(row.amounts[column]),
    lines: row.lines[column],
  }));
  if (rest > 0n) tiles.push({ code: null, name: t("not_listed"), value: rest, hue: "c" });
  const whole = `${label("figure", spent.figure)} · ${t(printed && rest >= 0n ? "printed_total" : "sum_of_rows")}`;
  const root = treeOf(tiles, [3, 5], (code) => nameOf(code), whole);
  if (printed && rest >= 0n) root.value = total; // of rows that are rounded the sum may be a little beside it
  const href = (leaf) =>
    leaf.lines &&
    toNumber(
      body.documents[leaf.lines[0][0]].document_id,
      leaf.lines.map((line) => line.slice(1, 4)),
    );
  const basic = `${spent.figure}_basic_${measure}`;
  const project = `${spent.figure}_project_${measure}`;
  const money = (key) => ({
    key,
    label: label("nature", key.includes("_basic_") ? "basic" : key.includes("_project_") ? "project" : "total"),
    kind: "money",
    show: (row) => <Amount value={row[key]} lines={row.lines[key]} documents={body.documents} />,
  });
  const parts = ["expenditure", "general_public"].includes(spent.figure)
    ? [money(basic), money(project)].map((part) => ({ ...part, spare: true }))
    : [];
  const cells = (row) =>
    Object.fromEntries([column, basic, project].map((key) => [key, key in row.amounts ? fen(row.amounts[key]) : null]));
  const selected = ["code", "name", column, ...parts.map((part) => part.key)].join(", ");
  return (
    <Section id="function" title={t("by_function")} note={`${t("by_function_note")}${spent.figure === FIGURES[0] ? "" : ` · ${label("figure", spent.figure)}`}`}>
      {rest !== 0n && (
        <p class="note doubt">
          {t(rest > 0n ? "rows_are_less" : "rows_are_more", {
            total: amount(total),
            sum: amount(total - rest),
            rest: amount(rest < 0n ? -rest : rest),
          })}
        </p>
      )}
      <Treemap root={root} label={t("treemap")} onLeaf={href} />
      <Table
        name={`spending_by_function-${one.disclosure_id}`}
        caption={t("by_function")}
        columns={[
          { key: "code", label: t("code"), kind: "code", spare: true },
          {
            key: "name",
            label: t("name"),
            show: (row) => (
              <>
                <bdi>{nameOf(row.code, row.name)}</bdi>
                {row.code?.length > GROUP && <small> {nameOf(row.code.slice(0, GROUP), "")}</small>}
              </>
            ),
          },
          money(column),
          ...parts,
          {
            key: "share",
            label: t(printed ? "share" : "share_of_rows"),
            kind: "number",
            screen: true,
            show: (row) => `${percent(row[column], total)}%`,
          },
        ]}
        rows={rows
          .map((row) => ({ code: row.code, name: row.name, ...cells(row), lines: row.lines }))
          .sort((a, b) => (a[column] < b[column] ? 1 : a[column] > b[column] ? -1 : 0))}
        left={rest > 0n ? { name: t("not_listed"), [column]: rest, share: `${percent(rest, total)}%` } : undefined}
        sql={sqlLines(
          `SELECT ${selected}`,
          `FROM spending_by_function`,
          `WHERE disclosure_id = ${quoted(one.disclosure_id)} AND ${column} IS NOT NULL`,
          `ORDER BY ${column} DESC, code, name;`,
        )}
      />
    </Section>
  );
}

/** Basic and project spending beside each other, as far as there is any. */
function Both({ basic, project }) {
  const { label } = useWords();
  const parts = [
    ["basic", basic],
    ["project", project],
  ].filter(([, value]) => value);
  return parts.map(([nature, value]) => (
    <span class="of-two" key={nature}>
      <small>{label("short_nature", nature)}</small> <Amount value={value} />
    </span>
  ));
}

export function BasicAndProject({ one, body, measure }) {
  const { t, label, amount } = useWords();
  const nameOf = useCodeNames(body, "function", one);
  const spent = widest(one, measure);
  if (!spent || !["expenditure", "general_public"].includes(spent.figure)) return null;
  const [basic, project] = ["basic", "project"].map((part) => `${spent.figure}_${part}_${measure}`);
  const classes = new Map();
  for (const row of spent.rows) {
    const code = row.code ? row.code.slice(0, CLASS) : "";
    const kept = classes.get(code) ?? { code, basic: 0n, project: 0n, value: 0n };
    kept.basic += fen(row.amounts[basic] ?? 0);
    kept.project += fen(row.amounts[project] ?? 0);
    kept.value += fen(row.amounts[spent.column]);
    classes.set(code, kept);
  }
  const rows = [...classes.values()].filter((row) => row.basic + row.project > 0n).sort((a, b) => (a.value < b.value ? 1 : -1));
  if (!rows.length) return null;
  return (
    <Section id="basic" title={t("basic_project")}>
      <p class="legend">
        <span class="hue-1">{label("nature", "basic")}</span> <span class="hue-3">{label("nature", "project")}</span>
      </p>
      <Bars
        label={t("basic_project")}
        rows={rows.map((row) => ({
          key: row.code,
          name: row.code ? nameOf(row.code) : t("unclassified"),
          value: row.value,
          href: row.code && to(["compare"], { what: "function", code: row.code, share: "1", year: one.fiscal_year, measure }),
          parts: [
            { value: row.basic, hue: 1 },
            { value: row.project, hue: 3 },
          ],
          show: <Both basic={row.basic} project={row.project} />,
        }))}
      />
      <p class="visually-hidden">{amount(sum(rows.map((row) => row.value)))}</p>
    </Section>
  );
}
