// Departments, places and years side by side: a figure, ranked, with the rows, their CSV and their SQL.
import { mart, partitions as readPartitions } from "../data.js";
import { useWords } from "../i18n.js";
import { Loaded, useLoaded } from "../loading.jsx";
import { exact, percent, plain, plainPercent, size } from "../money.js";
import { Amount } from "../parts/amount.jsx";
import { Bars, Columns } from "../parts/bars.jsx";
import { Section } from "../parts/section.jsx";
import { Table } from "../parts/table.jsx";
import { nameOfCode } from "../parts/search.jsx";
import { bodyOf, to, toDepartment, toPrinted } from "../router.js";
import {
  FIGURES,
  GROUPINGS,
  WHOLES,
  beside,
  columnsOfWholes,
  columnsRead,
  compared,
  hasShare,
  inAndOut,
  nameIn,
  sqlOf,
  withWholes,
} from "./comparison.js";

const MOST_BARS = 20;
const MOST_MULTIPLES = 12;
const MOST_FILES = 300; // of a mart some 30 kB each: more are read only when that is asked for
const GROUPS = ["totals", "three", "function", "economic", "per", "execution"];
const NAMED = ["function", "economic", "execution", "three_execution", "vehicle_cost"]; // figures that the page has a name of its own for
const MEASURES = ["budget", "final"];

function fullest(partitions) {
  const found = new Map();
  for (const { year, published } of partitions) if (year) found.set(year, (found.get(year) ?? 0) + published);
  return [...found].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** What the address asks for, with what is usual where it says nothing. */
function askedFor(query, start) {
  const what = FIGURES[query.what] ? query.what : "expenditure";
  const year = query.year === "all" || start.years.includes(Number(query.year)) ? query.year : String(fullest(start.partitions) ?? "all");
  return {
    what,
    year,
    by: GROUPINGS.includes(query.by) ? query.by : "department",
    measure: MEASURES.includes(query.measure) ? query.measure : "budget",
    province: start.provinces.some((one) => one.id === query.province) ? query.province : "",
    code: FIGURES[what].code ? (query.code || FIGURES[what].usual).replace(/\D/g, "") : "",
    share: query.share === "1" && hasShare(what),
    anyway: query.anyway === "1" ? "1" : "",
  };
}

export function Compare({ query, start }) {
  const state = useLoaded(readPartitions, []);
  return <Loaded state={state}>{(partitions) => <Comparison query={query} start={{ ...start, partitions }} />}</Loaded>;
}

function Comparison({ query, start }) {
  const { t, label, count, provinceName } = useWords();
  const asked = askedFor(query, start);
  const partitions = start.partitions.filter(
    (one) =>
      one.year &&
      one.published &&
      (asked.year === "all" || String(one.year) === asked.year) &&
      (!asked.province || one.province === asked.province),
  );
  const { per } = FIGURES[asked.what];
  const ofWhole = asked.share && asked.code;
  const files = partitions.filter((one) => one.marts.includes(FIGURES[asked.what].mart)).length;
  const tooMany = files > MOST_FILES && !asked.anyway;
  const read = async () => {
    if (tooMany) return {};
    const [rows, others, totals] = await Promise.all([
      mart(FIGURES[asked.what].mart, partitions, columnsRead(asked)),
      per && mart(per.mart, partitions, ["disclosure_id", per.column]),
      ofWhole && mart(WHOLES.mart, partitions, columnsOfWholes(asked)),
    ]);
    return {
      rows: per ? beside(rows, others, asked.what) : ofWhole ? withWholes(rows, totals, asked) : rows,
      name: asked.code && (nameIn(rows, asked.code) ?? (await nameOfCode(asked.what, asked.code, start.search_files))),
    };
  };
  const state = useLoaded(read, [asked.what, asked.year, asked.province, asked.measure, asked.share, asked.code, tooMany]);
  const change = (values) => {
    window.location.hash = to(["compare"], { ...asked, share: asked.share ? "1" : "", anyway: "", ...values });
  };
  const nameOf = (id) =>
    NAMED.includes(id)
      ? t(`f_${id}`)
      : FIGURES[id].value
        ? `${t("three_public")} · ${label("three", FIGURES[id].value)}`
        : label("figure", id);
  window.document.title = `${t("compare")} · ${nameOf(asked.what)} · 预算 Yusuan`;
  return (
    <>
      <h1>{t("compare")}</h1>
      <p class="lead">{t("compare_note")}</p>
      <form class="choices" onSubmit={(event) => event.preventDefault()}>
        <label>
          {t("figure")}
          <select value={asked.what} onChange={(event) => change({ what: event.currentTarget.value, code: "" })}>
            {GROUPS.map((group) => (
              <optgroup label={t(`group_${group}`)}>
                {Object.keys(FIGURES)
                  .filter((id) => FIGURES[id].group === group)
                  .map((id) => (
                    <option value={id}>{nameOf(id)}</option>
                  ))}
              </optgroup>
            ))}
          </select>
        </label>
        {FIGURES[asked.what].code && (
          <label>
            {t("code_choice")}
            <input
              inputmode="numeric"
              value={asked.code}
              placeholder={t("code_hint")}
              onChange={(event) => change({ code: event.currentTarget.value })}
            />
          </label>
        )}
        <label>
          {t("year")}
          <select value={asked.year} onChange={(event) => change({ year: event.currentTarget.value })}>
            {[...start.years].reverse().map((year) => (
              <option value={String(year)}>{year}</option>
            ))}
            <option value="all">{t("all_years")}</option>
          </select>
        </label>
        <label>
          {t("by")}
          <select value={asked.by} onChange={(event) => change({ by: event.currentTarget.value })}>
            {GROUPINGS.map((by) => (
              <option value={by}>{t(by === "province" ? "by_province_of" : `by_${by}`)}</option>
            ))}
          </select>
        </label>
        <label>
          {t("province_choice")}
          <select value={asked.province} onChange={(event) => change({ province: event.currentTarget.value })}>
            <option value="">{t("all")}</option>
            {start.provinces.map((one) => (
              <option value={one.id}>{provinceName(one)}</option>
            ))}
          </select>
        </label>
        {!FIGURES[asked.what].both && (
          <label>
            {t("measure")}
            <select value={asked.measure} onChange={(event) => change({ measure: event.currentTarget.value })}>
              {MEASURES.map((measure) => (
                <option value={measure}>{t(measure)}</option>
              ))}
            </select>
          </label>
        )}
        {hasShare(asked.what) && (
          <label>
            {t("shown_as")}
            <select value={asked.share ? "1" : ""} onChange={(event) => change({ share: event.currentTarget.value })}>
              <option value="">{t("as_amount")}</option>
              <option value="1">{t("as_share")}</option>
            </select>
          </label>
        )}
      </form>
      <Loaded state={state}>
        {({ rows, name }) =>
          rows ? (
            <Result
              rows={compared(rows, asked)}
              counted={asked.share ? inAndOut(rows, asked) : null}
              asked={asked}
              start={start}
              title={[nameOf(asked.what), asked.code, name].filter(Boolean).join(" ")}
            />
          ) : (
            <p class="note">
              {t("many_files", { n: count(files) })}{" "}
              <button type="button" onClick={() => change({ anyway: "1" })}>
                {t("read_anyway")}
              </button>
            </p>
          )
        }
      </Loaded>
    </>
  );
}

function Result({ rows, counted, asked, start, title }) {
  const { t, count, provinceName, placeName } = useWords();
  const { both, per, mart: source, column, code } = FIGURES[asked.what];
  if (!rows.length) {
    return (
      <p class="note">
        {both ? t("no_budget") : t("nothing_found")}{" "}
        {asked.what === "execution" && <a href={to(["compare"], { what: "three_execution", year: "all" })}>{t("see_three")}</a>}
      </p>
    );
  }
  const provinces = new Map(start.provinces.map((one) => [one.id, provinceName(one)]));
  const entity = (row) =>
    asked.by === "department"
      ? row.department
      : asked.by === "region"
        ? placeName(row.region_name)
        : asked.by === "province"
          ? (provinces.get(row.province) ?? row.province)
          : String(row.fiscal_year);
  const href = (row) =>
    asked.by === "department"
      ? toDepartment(bodyOf(row.disclosure_id), { of: row.disclosure_id })
      : asked.by === "province"
        ? to(["p", row.province])
        : undefined;
  const value = (row) => (both ? row.difference : per ? row.each : row.amount);
  /** Where the amount of a department's row is printed. */
  const printed = (row, name) => {
    if (asked.by !== "department" || asked.what === "execution") return undefined;
    const part = code ? asked.what : source === "department_profile" ? "totals" : source;
    return toPrinted(row.disclosure_id, part, name, asked.code);
  };
  // A share is drawn by its size; what is told of it is exact.
  const drawn = (row) => (asked.share ? BigInt(Math.round((size(row.amount) / size(row.whole)) * 1e6)) : value(row));
  const shown = (row) =>
    asked.share ? (
      <span data-tip={`${percent(row.amount, row.whole, 4)}%`} tabindex="0">
        {percent(row.amount, row.whole, 2)}%
      </span>
    ) : (
      <Amount value={value(row)} href={both || per ? undefined : printed(row, column(asked.measure))} />
    );
  const told = (row) => (asked.share ? `${percent(row.amount, row.whole, 2)}%` : `${exact(value(row))} ${t("yuan")}`);
  const several = asked.year === "all" && asked.by !== "year" ? ofSeveralYears(rows, entity) : [];
  const noteOf = (row) =>
    [
      asked.by === "department" && placeName(row.region_name),
      asked.by !== "year" && (asked.by !== "department" || asked.year === "all") && row.fiscal_year,
      asked.by !== "department" && `· ${t("disclosures_n", { n: row.of })}`,
    ]
      .filter(Boolean)
      .join(" ");
  const key = (row) => `${row.disclosure_id ?? ""}${entity(row)}${row.fiscal_year}`;
  const money = (name, word, of) => ({
    key: name,
    label: word,
    kind: "money",
    show: (row) => <Amount value={row[name]} href={of && printed(row, of)} />,
  });
  const keys = {
    department: [
      ["department", t("department")],
      ["region_name", t("region")],
    ],
    region: [["region_name", t("region")]],
    province: [["province", t("by_province_of")]],
    year: [],
  }[asked.by];
  return (
    <>
      {counted && <p class={`note counted${counted.outside ? " doubt" : ""}`}>{t("share_of_n", { n: counted.inside, out: counted.outside })}</p>}
      <Section id="chart" title={title} note={per ? t("per_vehicle_note") : asked.by === "department" ? undefined : t("coverage_note")}>
        {several.length > 0 ? (
          <Multiples groups={several} {...{ entity, shown, drawn, told }} />
        ) : (
          <Bars
            label={title}
            rows={rows.slice(0, MOST_BARS).map((row, n) => ({
              key: key(row),
              name: `${n + 1}. ${entity(row)}`,
              note: noteOf(row),
              value: drawn(row),
              show: shown(row),
              href: href(row),
            }))}
          />
        )}
      </Section>
      <Section id="rows" title={t("as_table")} note={t("rows_n", { n: rows.length })}>
        <Table
          name={`compare-${asked.what}${asked.code}-${asked.by}-${asked.year}`}
          caption={title}
          columns={[
            ...keys.map(([name, word], n) => ({
              key: name,
              label: word,
              show: (row) =>
                n === 0 && href(row) ? (
                  <a href={href(row)}>
                    <bdi>{entity(row)}</bdi>
                  </a>
                ) : (
                  <bdi>{name === "province" ? entity(row) : placeName(row[name])}</bdi>
                ),
            })),
            { key: "fiscal_year", label: t("year"), kind: "number", show: (row) => row.fiscal_year },
            ...(both
              ? [money("budget", t("budget"), both[0]), money("final", t("final"), both[1]), money("difference", t("difference"))]
              : [money("amount", t("amount"), column(asked.measure))]),
            ...(per
              ? [
                  {
                    key: "number",
                    label: t("vehicles"),
                    kind: "number",
                    show: (row) => count(plain(row.number)),
                    csv: (row) => plain(row.number),
                  },
                  money("each", t("per_vehicle")),
                ]
              : []),
            ...(asked.share
              ? [
                  money("whole", t("of_spending")),
                  {
                    key: "percent",
                    label: t("share"),
                    kind: "number",
                    show: (row) => `${percent(row.amount, row.whole, 2)}%`,
                    csv: (row) => plainPercent(row.amount, row.whole),
                  },
                ]
              : []),
            ...(both
              ? [
                  {
                    key: "change",
                    label: t("percent"),
                    kind: "number",
                    screen: true,
                    show: (row) => (row.budget ? `${percent(row.difference, row.budget, 2)}%` : "–"),
                  },
                ]
              : []),
          ]}
          rows={rows}
          sql={sqlOf(asked)}
        />
      </Section>
    </>
  );
}

const inYears = (rows) => [...rows].sort((a, b) => a.fiscal_year - b.fiscal_year);

/** The rows of each department or place that has several years, those with the most first. */
function ofSeveralYears(rows, entity) {
  const groups = new Map();
  for (const row of rows) {
    const id = bodyOf(row.disclosure_id ?? "") + (row.region_code ?? "") + entity(row);
    if (!groups.has(id)) groups.set(id, []);
    groups.get(id).push(row);
  }
  return [...groups.values()]
    .filter((own) => own.length > 1)
    .map(inYears)
    .sort((a, b) => b.length - a.length)
    .slice(0, MOST_MULTIPLES);
}

/** Small charts of the same scale, one for each department or place, year by year. */
function Multiples({ groups: chosen, entity, shown, drawn, told }) {
  const { placeName } = useWords();
  const known = chosen.flat().map((row) => row.fiscal_year);
  const [first, last] = [Math.min(...known), Math.max(...known)];
  const years = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  const most = Math.max(1, ...chosen.flat().map((row) => Math.abs(size(drawn(row)))));
  return (
    <ul class="multiples">
      {chosen.map((own) => (
        <li>
          <h3>
            <bdi>{entity(own[0])}</bdi>{" "}
            <small>
              <bdi>{placeName(own[0].region_name)}</bdi>
            </small>
          </h3>
          <p class="note">
            {shown(own[0])} → {shown(own.at(-1))}
          </p>
          <Columns
            years={years}
            most={most}
            label={entity(own[0])}
            series={own.map((row) => ({ year: row.fiscal_year, value: drawn(row), row }))}
            small
            show={(point) => shown(point.row)}
            tip={(point) => `${point.year}: ${told(point.row)}`}
          />
        </li>
      ))}
    </ul>
  );
}
