// What a body disclosed of a year: which measure it states, what it is compared with, and which lines its lists have.
import { quoted, sqlLines } from "../csv.js";

export const measureOf = (disclosure) => (disclosure.kind === "final_account" ? "final" : "budget");

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
      `ORDER BY amount DESC, document_id, statement_no, "row", "column"`,
      `LIMIT ${most};`,
    ),
  }[list];
}
