// What a body disclosed of a year: which measure it states, what it is compared with, and which lines its lists have.
import { quoted, sqlLines } from "../csv.js";
import { fen, sum } from "../money.js";

/** Of these no identity of severity error fails: what does not agree in such a document is no proof of a fault. */
const GRADES_WITHOUT_FAULT = ["A", "B"];

export const isWithoutFault = (document) => GRADES_WITHOUT_FAULT.includes(document.grade);

export const measureOf = (disclosure) => (disclosure.kind === "final_account" ? "final" : "budget");

// Amounts in 万元 with two places are each off by up to 50 yuan, so that rows and their printed total differ by so much for each of them.
const ROUNDING = 5000n; // fen

/**
 * What the parts of a whole are held against: `total` is what is printed where that is known (`printed`), otherwise their sum; `rest` is
 * how much of the printed total no part has, beyond rounding (below zero where the parts are more than it).
 */
export function against(one, column, values) {
  const [number, source] = one.totals[column] ?? [];
  const found = sum(values);
  if (number === undefined || number === null || source === "rows") return { total: found, printed: false, rest: 0n };
  const rest = fen(number) - found;
  const room = ROUNDING * BigInt(values.length + 1);
  return { total: fen(number), printed: true, rest: rest > room || rest < -room ? rest : 0n };
}

/** The same kind of disclosure of the year before. */
export function before(disclosures, one) {
  return disclosures.find((other) => other.fiscal_year === one.fiscal_year - 1 && other.kind === one.kind && other.level === one.level);
}

/** The SQL of a list: purchases and projects are marts, units are lines of a statement. */
export function sqlOfList(list, one, body, most) {
  const files = one.documents.map((n) => quoted(body.documents[n].document_id)).join(", ");
  const own = `disclosure_id = ${quoted(one.disclosure_id)}`;
  const mart = (name, from) =>
    sqlLines(`SELECT ${name}, amount, page`, `FROM ${from}`, `WHERE ${own}`, "ORDER BY amount DESC, item", `LIMIT ${most};`);
  return {
    purchases: mart("name", "procurement"),
    projects: mart("project AS name", "project_spending"),
    units: sqlLines(
      "SELECT name, amount, page",
      "FROM budget_lines",
      `WHERE document_id IN (${files}) AND scheme = 'unit' AND statement IN ('expenditure_by_unit', 'expenditure_summary')`,
      "  AND source = 'table' AND fund = 'total' AND nature = 'total' AND level > 0 AND measure IN ('budget', 'final')",
      'QUALIFY row_number() OVER (PARTITION BY name, amount, page ORDER BY document_id, statement_no, "row", "column") = 1',
      `ORDER BY amount DESC, document_id, statement_no, "row", "column"`,
      `LIMIT ${most};`,
    ),
  }[list];
}
