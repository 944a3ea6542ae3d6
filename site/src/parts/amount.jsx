// An amount: readable, exact on demand, and a way to the page that it is printed on.
import { useWords } from "../i18n.js";
import { exact } from "../money.js";
import { toDocument, toNumber } from "../router.js";

/**
 * @param value fen, as BigInt; null for no figure
 * @param lines references to the lines that print it: [document number, statement_no, row, column, page, proofs, mark]
 * @param documents documents of the page, in the order of these numbers
 * @param place [document number, page] of a total that no line prints
 * @param href the way to the page that it is printed on, where its lines are not at hand
 */
export function Amount({ value, lines, documents, place, href }) {
  const { t, amount } = useWords();
  if (value === null || value === undefined) return <span class="none">–</span>;
  const told = useTold();
  const shown = amount(value);
  const zero = value === 0n ? " zero" : "";
  if (lines?.length && documents) {
    const own = documents[lines[0][0]].document_id;
    const marks = lines.map((line) => line[6]);
    const mark = marks.includes("!") ? " doubtful" : marks.includes("f") ? " far" : "";
    return (
      <a
        class={`amount${mark}${zero}`}
        href={toNumber(
          own,
          lines.map((line) => line.slice(1, 4)),
        )}
        data-tip={told(value, lines)}
      >
        {shown}
        {lines.length > 1 && <small class="added"> {t("sum_of", { n: lines.length })}</small>}
      </a>
    );
  }
  const note = `${exact(value)} ${t("yuan")}`;
  if (href)
    return (
      <a class="amount" href={href} data-tip={`${note} · ${t("show_page")}`}>
        {shown}
      </a>
    );
  if (place && documents) {
    return (
      <a
        class="amount faint"
        href={toDocument(documents[place[0]].document_id)}
        data-tip={place[1] ? `${note} · ${t("page_n", { n: place[1] })}` : note}
      >
        {shown}
      </a>
    );
  }
  return (
    <span class={`amount${zero}`} data-tip={note} tabindex="0">
      {shown}
    </span>
  );
}

/** What an amount has changed by. */
export function Change({ value }) {
  const { t, amount } = useWords();
  if (value === null) return <span class="none">–</span>;
  return (
    <span class={`amount ${value < 0n ? "down" : "up"}`} data-tip={`${exact(value)} ${t("yuan")}`}>
      {value > 0n ? "+" : ""}
      {amount(value)}
    </span>
  );
}

/** How an amount is proven, in one line. */
function useTold() {
  const { t } = useWords();
  return (value, lines) => {
    const parts = [`${exact(value)} ${t("yuan")}`];
    const [first] = lines;
    if (lines.length > 1) parts.push(t("sum_of", { n: lines.length }));
    if (first[4]) parts.push(t("page_n", { n: first[4] }));
    const least = Math.min(...lines.map((line) => line[5]));
    parts.push(least ? t("proofs_n", { n: least }) : t("proofs_0"));
    const marks = new Set(lines.map((line) => line[6]));
    if (marks.has("!")) parts.push(t("contradicted"));
    if (marks.has("f")) parts.push(t("far_mark"));
    if (marks.has("r")) parts.push(t("repaired"));
    if (marks.has("s")) parts.push(t("solved"));
    if (marks.has("n")) parts.push(t("in_sentence"));
    return parts.join(" · ");
  };
}

export function Grade({ grade }) {
  const { label, meaning } = useWords();
  if (!grade) return <span class="none">–</span>;
  return (
    <span class={`grade grade-${grade}`} data-tip={meaning("grade", grade)} tabindex="0">
      {label("grade", grade)}
    </span>
  );
}
