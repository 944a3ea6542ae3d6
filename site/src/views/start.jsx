// The start: what this is, how much there is, where, and how far to trust it.
import { CENTRAL, useWords } from "../i18n.js";
import { Section } from "../parts/section.jsx";
import { Grade } from "../parts/amount.jsx";
import { GradeBar } from "../parts/grades.jsx";
import { to, toDepartment, toDocument } from "../router.js";

export function Start({ start }) {
  const { t, count, provinceName, placeName, label, meaning } = useWords();
  const { counts, provinces, years, grades, newest } = start;
  const facts = [
    [counts.bodies, t("departments")],
    [counts.published, t("documents")],
    [provinces.filter((one) => one.id !== CENTRAL).length, t("provinces")],
    [counts.lines, t("lines")],
    [counts.checks_passed, t("identities")],
  ];
  return (
    <>
      <h1 class="hero">{t("hero")}</h1>
      <p class="lead">{t("lead")}</p>
      <dl class="facts">
        {facts.map(([number, name]) => (
          <div>
            <dt>{name}</dt>
            <dd>{count(number)}</dd>
          </div>
        ))}
        {years.length > 0 && (
          <div>
            <dt>{t("years")}</dt>
            <dd>
              {years[0]}–{years.at(-1)}
            </dd>
          </div>
        )}
      </dl>
      <Section id="questions" title={t("questions")}>
        <ul class="questions">
          {questionsOf(start).map(([word, where]) => (
            <li>
              <a href={where}>{t(`question_${word}`)}</a>
            </li>
          ))}
        </ul>
      </Section>
      <Section id="provinces" title={t("by_province")}>
        <ul class="provinces">
          {provinces.map((one) => (
            <li key={one.id}>
              <a href={to(["p", one.id])}>
                <b>{provinceName(one)}</b>
                <span>
                  {t("of_all_grades", { n: count(one.documents) })} ·{" "}
                  {one.years[0] === one.years[1] ? one.years[0] : `${one.years[0]}–${one.years[1]}`}
                </span>
                <GradeBar grades={one.grades} />
              </a>
            </li>
          ))}
        </ul>
      </Section>
      <div class="two">
        <Section id="trust" title={t("trust")} note={t("trust_note")}>
          <GradeBar grades={grades} large />
          <dl class="grades">
            {Object.entries(grades).map(([grade, number]) => (
              <div key={grade}>
                <dt>
                  <Grade grade={grade} />
                </dt>
                <dd>
                  <b>{count(number)}</b> {meaning("grade", grade)}
                </dd>
              </div>
            ))}
          </dl>
          <p>
            <a href={to(["quality"])}>{t("quality")} →</a>
          </p>
        </Section>
        <Section id="newest" title={t("newest")}>
          <ul class="newest">
            {newest.map((row) => (
              <li key={row.document_id}>
                <a href={toDepartment(row.department_id)}>
                  <bdi>{row.department}</bdi>
                </a>
                <span>
                  {row.fiscal_year} {label("kind", row.kind)} · <bdi>{placeName(row.region_name)}</bdi> ·{" "}
                  <a href={toDocument(row.document_id)}>
                    {count(row.lines)} {t("lines")}
                  </a>
                </span>
                <Grade grade={row.grade} />
              </li>
            ))}
          </ul>
        </Section>
      </div>
    </>
  );
}

/** Questions that the dataset has an answer to: [word, address]. */
function questionsOf({ marts, counts }) {
  const asked = [
    ["three", "three_public", { what: "three_total" }],
    ["outsourcing", "spending_by_economic", { what: "economic", code: "30227" }],
    ["education", "spending_by_function", { what: "function", code: "205", share: "1", by: "region" }],
    marts.includes("budget_vs_final")
      ? ["account", "budget_vs_final", { what: "execution", year: "all" }]
      : ["account", "three_public", { what: "three_execution", year: "all" }],
    ["vehicle", "units_and_assets", { what: "vehicle_cost" }],
  ];
  const answered = asked.filter(([, mart]) => marts.includes(mart)).map(([word, , query]) => [word, to(["compare"], query)]);
  return counts.publisher_errors ? [...answered, ["errors", to(["quality"])]] : answered;
}
