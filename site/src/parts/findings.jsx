// What is doubtful in a document, one kind after the other.
import { useWords } from "../i18n.js";

const FEW = 3; // of so many all are shown at once

export function Findings({ rows }) {
  const { t, label, meaning, inWords, said, count } = useWords();
  const kinds = new Map();
  for (const row of rows) {
    const kind = `${label("finding", row.finding)}${row.cause ? ` – ${meaning("cause", row.cause)}` : ""}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), row]);
  }
  return [...kinds].map(([kind, own]) => (
    <details class="findings" key={kind} open={own.length <= FEW}>
      <summary>
        {kind} <small>{t("errors_n", { n: count(own.length) })}</small>
      </summary>
      <ul class="held">
        {own.map((row) => (
          <li>
            <bdi>{inWords(row.subject)}</bdi>
            {row.page ? ` · ${t("page_n", { n: row.page })}` : ""}
            <small>
              <bdi>{said(row.detail)}</bdi>
            </small>
          </li>
        ))}
      </ul>
    </details>
  ));
}
