// A list of bodies: name, newest year, spending. Rows are [id, name, region, year, spending in fen, grade].
import { useWords } from "../i18n.js";
import { fen } from "../money.js";
import { toDepartment } from "../router.js";
import { Grade } from "./amount.jsx";
import { OneUnit } from "./unit.jsx";

export function Bodies({ rows, region }) {
  const { placeName } = useWords();
  return (
    <OneUnit values={rows.map((row) => fen(row[4]))}>
      <ul class="bodies">
        {rows.map(([id, name, place, year, spent, grade]) => (
          <li key={id}>
            <a href={toDepartment(id)}>
              <bdi>{name}</bdi>
            </a>
            <small>
              {region && <bdi>{placeName(place)}</bdi>} {year || ""}
            </small>
            <Spent value={fen(spent)} />
            <Grade grade={grade} />
          </li>
        ))}
      </ul>
    </OneUnit>
  );
}

function Spent({ value }) {
  const { amount } = useWords();
  return <span class="money">{amount(value)}</span>;
}
