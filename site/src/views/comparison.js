// What can be compared, how its rows are made, and the SQL that gives the same rows.
import { quoted, sqlLines } from "../csv.js";
import { fen, sum } from "../money.js";

/**
 * Per figure: its group in the list, the mart and column that have it, and what is special of it: `code` it is of a code, `counted` rows
 * that are part of others are left out, `whole` what it may be a share of (of a code that is the printed total of `WHOLES`), `both` two
 * columns that are compared with each other, `per` a number of another mart that it is divided by.
 */
export const FIGURES = {
  ...Object.fromEntries(
    [
      "expenditure",
      "revenue",
      "general_public",
      "government_fund",
      "state_capital",
      "expenditure_basic",
      "expenditure_project",
      "procurement",
      "agency_operating",
    ].map((name) => [
      name,
      {
        group: "totals",
        mart: "department_profile",
        column: (measure) => `${name}_${measure}`,
        whole: (measure) => `expenditure_${measure}`,
        list: "figure",
        counted: true,
      },
    ]),
  ),
  three_total: {
    group: "three",
    mart: "department_profile",
    column: (measure) => `three_public_${measure}`,
    whole: (measure) => `expenditure_${measure}`,
    list: "three",
    value: "total",
    counted: true,
  },
  ...Object.fromEntries(
    ["abroad", "reception", "vehicles", "vehicle_purchase", "vehicle_operation", "conference", "training"].map((name) => [
      `three_${name}`,
      { group: "three", mart: "three_public", column: (measure) => `${name}_${measure}`, list: "three", value: name },
    ]),
  ),
  function: { group: "function", mart: "spending_by_function", column: (measure) => `expenditure_${measure}`, code: true, usual: "205" },
  economic: { group: "economic", mart: "spending_by_economic", column: (measure) => `basic_${measure}`, code: true, usual: "30227" },
  vehicle_cost: {
    group: "per",
    mart: "three_public",
    column: (measure) => `vehicle_operation_${measure}`,
    per: { mart: "units_and_assets", column: "vehicles_owned" },
  },
  execution: { group: "execution", mart: "budget_vs_final", both: ["budget", "final"] },
  three_execution: { group: "execution", mart: "three_public", both: ["total_budget", "total_final"] },
};

/** The mart with the printed totals that amounts of codes are shares of, and their column. */
export const WHOLES = { mart: "department_profile", column: (measure) => `expenditure_${measure}` };

/** Columns that rows are grouped by; those of `shown` are told, the others keep bodies of one name apart. */
const KEYS = {
  department: { shown: ["department", "region_name"], hidden: ["disclosure_id"] },
  region: { shown: ["region_name"], hidden: ["region_code"] },
  province: { shown: ["province"], hidden: [] },
  year: { shown: [], hidden: [] },
};
export const GROUPINGS = Object.keys(KEYS);

/** Which shares there are: of all spending of the same rows. */
export const hasShare = (what) => Boolean(FIGURES[what].code || (FIGURES[what].whole && what !== "expenditure" && what !== "revenue"));

export function columnsRead({ what, measure, share }) {
  const { column, whole, both, code, counted } = FIGURES[what];
  const amounts = both ?? [column(measure), ...(share && whole ? [whole(measure)] : [])];
  return [
    ...new Set([
      "disclosure_id",
      "department",
      "region_code",
      "region_name",
      ...(counted ? ["standing"] : []),
      ...(code ? ["code", "name", "class_code", "class_name"] : []),
      ...amounts,
    ]),
  ];
}

export function columnsOfWholes({ measure }) {
  return ["disclosure_id", "department", "region_code", "region_name", WHOLES.column(measure)];
}

function keysOf(by) {
  return [...KEYS[by].shown, "fiscal_year"];
}

function compare(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  return a < b ? -1 : 1;
}

/** What a figure is divided by, beside the rows of its mart. */
export function beside(rows, others, what) {
  const { column } = FIGURES[what].per;
  const known = new Map(others.map((row) => [row.disclosure_id, row[column]]));
  return rows.map((row) => ({ ...row, [column]: known.get(row.disclosure_id) ?? null }));
}

/** Rows of codes with the printed total of their disclosure; of disclosures without such rows one row, that has the total alone. */
export function withWholes(rows, totals, { measure }) {
  const amount = WHOLES.column(measure);
  const known = new Map(totals.map((row) => [row.disclosure_id, row[amount]]));
  const listed = new Set(rows.map((row) => row.disclosure_id));
  const without = totals.filter((row) => !listed.has(row.disclosure_id)).map((row) => ({ ...row, [amount]: null, code: null }));
  return [...rows, ...without].map((row) => ({ ...row, printed_total: known.get(row.disclosure_id) ?? null }));
}

/**
 * How many disclosures a share counts in, and how many it leaves out: those without a row of the figure (of a code: without any row by
 * code), or without the printed total that it is a share of.
 */
export function inAndOut(rows, { what, measure }) {
  const { column, whole, counted, code } = FIGURES[what];
  const all = new Set();
  const inside = new Set();
  for (const row of rows) {
    if (counted && row.standing !== "counted") continue;
    all.add(row.disclosure_id);
    const total = fen(row[code ? "printed_total" : whole(measure)]);
    if (fen(row[column(measure)]) !== null && total !== null && total > 0n) inside.add(row.disclosure_id);
  }
  return { inside: inside.size, outside: all.size - inside.size };
}

/** The printed totals of the disclosures that rows are of, each once. */
function totalOf(rows) {
  return sum([...new Map(rows.map((row) => [row.disclosure_id, fen(row.printed_total)])).values()]);
}

/** What rows of a mart call a code; undefined where none has it. */
export const nameIn = (rows, code) =>
  rows.find((row) => row.code === code && row.name)?.name ?? rows.find((row) => row.class_code === code && row.class_name)?.class_name;

const fits = (row, code) => row.code !== null && row.code !== undefined && row.code.startsWith(code);
const size = (value) => (value < 0n ? -value : value);
const HUNDRED = 100n; // numbers of things have two decimals, as money has
/** `value` ÷ `by`, both positive, rounded. */
const quotient = (value, by) => (2n * value + by) / (2n * by);

/** Of how many disclosures rows are. */
const disclosuresOf = (rows) => new Set(rows.map((row) => row.disclosure_id)).size;

/** Rows of a comparison from rows of its mart, the greatest first; `of` is of how many disclosures each is made. */
export function compared(rows, { what, by, measure, code, share }) {
  const { column, whole, both, counted, per } = FIGURES[what];
  const grouped = new Map();
  const keys = [...KEYS[by].shown, ...KEYS[by].hidden, "fiscal_year"];
  for (const row of rows) {
    if (counted && row.standing !== "counted") continue;
    const id = keys.map((key) => row[key] ?? "").join("\u0000");
    if (!grouped.has(id)) grouped.set(id, { ...Object.fromEntries(keys.map((key) => [key, row[key] ?? null])), of: [] });
    grouped.get(id).of.push(row);
  }
  const told = [];
  for (const { of, ...key } of grouped.values()) {
    if (both) {
      const stated = of.filter((row) => both.every((name) => row[name] !== null && row[name] !== undefined));
      const [budget, final] = both.map((name) => sum(stated.map((row) => fen(row[name]))));
      if (stated.length) told.push({ ...key, of: disclosuresOf(stated), budget, final, difference: final - budget });
      continue;
    }
    const amount = column(measure);
    if (per) {
      const stated = of.filter((row) => fen(row[amount]) !== null && fen(row[per.column]) > 0n);
      const [value, number] = [amount, per.column].map((name) => sum(stated.map((row) => fen(row[name]))));
      if (stated.length) told.push({ ...key, of: disclosuresOf(stated), amount: value, number, each: quotient(value * HUNDRED, number) });
      continue;
    }
    const stated = of.filter((row) => fen(row[amount]) !== null && (!share || whole || fen(row.printed_total) > 0n));
    const own = code ? stated.filter((row) => fits(row, code)) : stated;
    if (!own.length) continue;
    const value = sum(own.map((row) => fen(row[amount])));
    if (!share) {
      told.push({ ...key, of: disclosuresOf(own), amount: value });
      continue;
    }
    const within = whole ? own.filter((row) => fen(row[whole(measure)]) > 0n) : stated;
    const total = whole ? sum(within.map((row) => fen(row[whole(measure)]))) : totalOf(within);
    const part = whole ? sum(within.map((row) => fen(row[amount]))) : value;
    if (within.length) told.push({ ...key, of: disclosuresOf(within), amount: part, whole: total });
  }
  const tie = [...KEYS[by].shown, ...KEYS[by].hidden, "fiscal_year"];
  const order = both
    ? (a, b) => compare(size(b.difference), size(a.difference))
    : share
      ? (a, b) => compare(b.amount * a.whole, a.amount * b.whole)
      : per
        ? (a, b) => compare(b.each, a.each)
        : (a, b) => compare(b.amount, a.amount);
  return told.sort((a, b) => order(a, b) || tie.map((key) => compare(a[key], b[key])).find(Boolean) || 0);
}

/** The SQL of the same rows. */
export function sqlOf({ what, by, measure, code, share, year, province }) {
  const { mart, column, whole, both, counted, per } = FIGURES[what];
  const keys = keysOf(by);
  let from = mart;
  const where = [];
  if (year !== "all") where.push(`fiscal_year = ${Number(year)}`);
  if (province) where.push(`province = ${quoted(province)}`);
  if (counted) where.push("standing = 'counted'");
  const told = [];
  let having = "";
  let order = "amount DESC";
  if (both) {
    const [budget, final] = both;
    where.push(`${budget} IS NOT NULL`, `${final} IS NOT NULL`);
    told.push(`sum(${budget}) AS budget`, `sum(${final}) AS final`, `sum(${final}) - sum(${budget}) AS difference`);
    order = `abs(sum(${final}) - sum(${budget})) DESC`;
  } else if (per) {
    const [amount, number] = [`sum(${column(measure)})`, `sum(${per.column})`];
    from = `${mart} JOIN (SELECT disclosure_id, ${per.column} FROM ${per.mart}) USING (disclosure_id)`;
    where.push(`${column(measure)} IS NOT NULL`, `${per.column} > 0`);
    told.push(`${amount} AS amount`, `${number} AS number`, `round(${amount} / ${number}, 2) AS each`);
    order = `each DESC`;
  } else {
    const amount = column(measure);
    if (code && share) {
      const total = WHOLES.column(measure);
      from = sqlLines(
        `(SELECT disclosure_id, sum(${amount}) FILTER (WHERE starts_with(code, ${quoted(code)})) AS part`,
        `      FROM ${mart} WHERE ${amount} IS NOT NULL GROUP BY disclosure_id)`,
        `JOIN ${WHOLES.mart} USING (disclosure_id)`,
      );
      where.push(`${total} > 0`);
      told.push("sum(part) AS amount", `sum(${total}) AS whole`, `round(100 * sum(part) / sum(${total}), 2) AS percent`);
      having = "HAVING sum(part) IS NOT NULL\n";
      order = `sum(part) / sum(${total}) DESC`;
    } else if (!share) {
      where.push(`${amount} IS NOT NULL`, ...(code ? [`starts_with(code, ${quoted(code)})`] : []));
      told.push(`sum(${amount}) AS amount`);
    } else {
      const [part, total] = [`sum(${amount})`, `sum(${whole(measure)})`];
      where.push(`${amount} IS NOT NULL`, `${whole(measure)} > 0`);
      told.push(`${part} AS amount`, `${total} AS whole`, `round(100 * ${part} / ${total}, 2) AS percent`);
      order = `${part} / ${total} DESC`;
    }
  }
  const groups = [...KEYS[by].shown, ...KEYS[by].hidden, "fiscal_year"];
  const rows = where.length ? `WHERE ${where.join(" AND ")}\n` : "";
  const grouped = groups.join(", ");
  return `SELECT ${[...keys, ...told].join(", ")}\nFROM ${from}\n${rows}GROUP BY ${grouped}\n${having}ORDER BY ${order}, ${grouped};`;
}
