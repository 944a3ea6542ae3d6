// A table with what makes it: CSV of its rows, and the SQL that gives the same rows.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { csv, download } from "../csv.js";
import { useWords } from "../i18n.js";
import { plain } from "../money.js";
import { OneUnit } from "./unit.jsx";
import { useWidth } from "./width.js";

const SOME = 25;

/**
 * @param columns { key, label, kind: "text" | "money" | "number", show(row)?, csv(row)?, hidden?, spare? }; keys are those of
 *   the SQL, spare columns are left out on a phone
 * @param rows objects by key; money as BigInt fen
 * @param left what the rows leave of a printed total, by key: it is shown under them, and is in neither CSV nor SQL
 */
export function Table({ name, caption, columns, rows, sql, left, some = SOME }) {
  const { t, count } = useWords();
  const [all, setAll] = useState(false);
  const seen = columns.filter((column) => !column.hidden);
  const money = seen.filter((column) => column.kind === "money").map((column) => column.key);
  const shown = all ? rows : rows.slice(0, Math.min(some, upToZeros(rows, money)));
  return (
    <div class="table">
      <OneUnit values={shown.flatMap((row) => money.map((key) => row[key]))}>
        <Rows {...{ caption, columns: seen, rows: shown, left }} />
      </OneUnit>
      <div class="tools">
        {rows.length > shown.length && (
          <button type="button" onClick={() => setAll(true)}>
            {t("more_rows", { n: count(rows.length) })}
          </button>
        )}
        <Tools name={name} columns={columns} rows={rows} sql={sql} />
      </div>
    </div>
  );
}

/** How many rows there are until nothing but noughts follows; all, where there is nothing else. */
function upToZeros(rows, money) {
  const last = rows.findLastIndex((row) => !money.length || money.some((key) => row[key]));
  return last < 0 ? rows.length : last + 1;
}

function Rows({ caption, columns, rows, left }) {
  const { t, count, amount } = useWords();
  const cell = (column, row) => {
    if (column.show) return column.show(row);
    const value = row[column.key];
    if (value === null || value === undefined || value === "") return <span class="none">–</span>;
    return column.kind === "money" ? amount(value) : column.kind === "number" ? count(value) : String(value);
  };
  const kind = (column) => `${column.kind ?? "text"}${column.spare ? " spare" : ""}`;
  const [frame, width] = useWidth();
  const table = useRef(null);
  const [wider, setWider] = useState(false);
  useLayoutEffect(() => setWider(table.current.offsetWidth > width + 1), [width, rows]);
  return (
    <>
      {wider && <p class="note wider">{t("wider")}</p>}
      <div class="scroll" ref={frame} tabindex="0" role="region" aria-label={caption}>
        <table ref={table}>
          <caption class="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th scope="col" class={kind(column)}>
                  {column.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr>
                {columns.map((column) => (
                  <td class={kind(column)}>{cell(column, row)}</td>
                ))}
              </tr>
            ))}
          </tbody>
          {left && (
            <tfoot>
              <tr>
                {columns.map((column) => (
                  <td class={kind(column)}>{column.kind === "money" && column.key in left ? amount(left[column.key]) : left[column.key]}</td>
                ))}
              </tr>
            </tfoot>
          )}
        </table>
      </div>
    </>
  );
}

export function Tools({ name, columns, rows, sql }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const save = () => {
    const value = (column, row) => {
      if (column.csv) return column.csv(row);
      return column.kind === "money" ? plain(row[column.key] ?? null) : row[column.key];
    };
    const kept = columns.filter((column) => !column.screen);
    download(
      `${name}.csv`,
      csv(
        kept.map((column) => column.key),
        rows.map((row) => kept.map((column) => value(column, row))),
      ),
    );
  };
  return (
    <>
      <button type="button" class="csv" onClick={save}>
        {t("csv")}
      </button>
      {sql && (
        <button type="button" class="sql" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("sql")}
        </button>
      )}
      {sql && open && (
        <div class="query">
          <p>{t("sql_note")}</p>
          <pre tabindex="0">
            <code>{sql}</code>
          </pre>
        </div>
      )}
    </>
  );
}
