// What is far from the usual: what it is, where it is printed, and what one would expect. It accuses nobody.
import { useWords } from "../i18n.js";
import { fen } from "../money.js";
import { toDocument, toNumber } from "../router.js";

export const MARK = "※"; // in Chinese print: see the note

/** @param rows as `pipeline/site/pages/outliers.py` makes them */
export function Outliers({ rows }) {
  const { t, label, amount, count } = useWords();
  const usual = (row) => {
    const values = { typical: amount(fen(row.typical)), times: count(row.times), n: row.bodies, year: row.other_year };
    return t(row.compared_with === "peers" ? "far_from_peers" : "far_from_year", values);
  };
  return (
    <ul class="held">
      {rows.map((row) => (
        <li key={`${row.document_id} ${row.code} ${row.name} ${row.measure} ${row.compared_with}`}>
          <a href={row.lines.length ? toNumber(row.document_id, row.lines.slice(0, 1)) : toDocument(row.document_id)}>
            <bdi>{row.name || label("nature", "total")}</bdi> <b class="amount">{amount(fen(row.amount))}</b>
          </a>{" "}
          · {label("statement", row.statement)}
          {row.of > 1 ? t("far_statements", { n: row.of }) : ""}
          {row.page ? ` · ${t("page_n", { n: row.page })}` : ""}
          <small>{usual(row)}</small>
        </li>
      ))}
    </ul>
  );
}
