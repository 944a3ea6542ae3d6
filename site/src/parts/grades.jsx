// How many documents have which grade, as one bar.
import { useWords } from "../i18n.js";

export function GradeBar({ grades, large }) {
  const { label } = useWords();
  const total = Object.values(grades).reduce((all, number) => all + number, 0);
  if (!total) return <span class="none">–</span>;
  const said = Object.entries(grades)
    .filter(([, number]) => number)
    .map(([grade, number]) => `${label("grade", grade)}: ${number}`)
    .join(", ");
  return (
    <span class={`grade-bar${large ? " large" : ""}`} role="img" aria-label={said} data-tip={said}>
      {Object.entries(grades).map(
        ([grade, number]) => number > 0 && <span class={`bar-${grade}`} style={{ width: `${(number / total) * 100}%` }} />,
      )}
    </span>
  );
}
