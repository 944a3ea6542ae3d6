// Horizontal bars with their words and amounts, as a list: what a table shows, seen at a glance.
import { size } from "../money.js";
import { OneUnit } from "./unit.jsx";

/** @param rows { key, name, value (fen), parts?: [{ value, hue }], show, note?, href? }, all on one scale */
export function Bars({ rows, label, hue = 1 }) {
  const most = Math.max(1, ...rows.map((row) => Math.abs(size(row.value))));
  const wide = (value) => `${(Math.abs(size(value)) / most) * 100}%`;
  return (
    <OneUnit values={rows.flatMap((row) => (row.parts ?? [row]).map((part) => part.value))}>
      <ul class="bars" aria-label={label}>
        {rows.map((row) => (
          <li key={row.key} class={row.value < 0n ? "negative" : undefined}>
            <span class="bar-name">
              {row.href ? (
                <a href={row.href}>
                  <bdi>{row.name}</bdi>
                </a>
              ) : (
                <bdi>{row.name}</bdi>
              )}
              {row.note && (
                <small>
                  {" "}
                  <bdi>{row.note}</bdi>
                </small>
              )}
            </span>
            <span class="bar-track" aria-hidden="true">
              {(row.parts ?? [{ value: row.value, hue: row.hue ?? hue }]).map((part) => (
                <span class={`bar hue-${part.hue}`} style={{ width: wide(part.value) }} />
              ))}
            </span>
            <span class="bar-amount">{row.show}</span>
          </li>
        ))}
      </ul>
    </OneUnit>
  );
}

/** Small columns over years, all of one chart on one scale. */
export function Columns({ years, series, show, most, label, small, tip }) {
  const top = most ?? Math.max(1, ...series.map((point) => Math.abs(size(point.value))));
  return (
    <ol class="columns" aria-label={label}>
      {years.map((year) => {
        const point = series.find((one) => one.year === year);
        return (
          <li key={year}>
            {!small && <span class="column-amount">{point ? show(point) : "–"}</span>}
            <span class="column-track" aria-hidden="true" data-tip={small && point ? tip(point) : undefined}>
              <span
                class={`column hue-${point?.hue ?? 1}`}
                style={{ height: point ? `${(Math.abs(size(point.value)) / top) * 100}%` : 0 }}
              />
            </span>
            <span class="column-year" aria-hidden={small && point ? "true" : undefined}>
              {small ? `’${String(year).slice(-2)}` : year}
            </span>
            {small && point && (
              <span class="visually-hidden">
                {year}: {show(point)}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
