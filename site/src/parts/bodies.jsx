// A list of bodies: name, newest year, spending. Rows are [id, name, region, year, spending in fen, grade].
import { useWords } from "../i18n.js";
import { fen } from "../money.js";
import { toDepartment } from "../router.js";
import { Grade } from "./amount.jsx";

export function Bodies({ rows, region }) {
  const { amount } = useWords();
  return (
    <ul class="bodies">
      {rows.map(([id, name, place, year, spent, grade]) => (
        <li key={id}>
          <a href={toDepartment(id)}>
            <bdi>{name}</bdi>
          </a>
          <small>
            {region && <bdi>{place}</bdi>} {year || ""}
          </small>
          <span class="money">{spent === null ? "–" : amount(fen(spent))}</span>
          <Grade grade={grade} />
        </li>
      ))}
    </ul>
  );
}
