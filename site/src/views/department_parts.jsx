// What stands below the totals of a department, in the order of the page: a chunk of its own, so that the totals need not wait for it.
import { useWords } from "../i18n.js";
import { Bodies } from "../parts/bodies.jsx";
import { Contents, Section } from "../parts/section.jsx";
import { Figures, Quantities } from "./department_figures.jsx";
import { Listed, Projects } from "./department_lists.jsx";
import { BasicAndProject, ByFunction, Flow } from "./department_spending.jsx";
import { ByEconomic, BudgetFinal, Changes, Far, HeldBack, ItsDocuments, ThreePublic } from "./department_tables.jsx";
import { measureOf } from "./disclosures.js";

export function Parts({ one, body, query }) {
  const { t } = useWords();
  const props = { one, body, measure: measureOf(one) };
  return (
    <>
      <Contents of={one.disclosure_id === body.disclosures[0].disclosure_id ? undefined : one.disclosure_id} />
      <Flow {...props} />
      <ByFunction {...props} />
      <BasicAndProject {...props} />
      <ByEconomic {...props} />
      <ThreePublic {...props} />
      <BudgetFinal {...props} />
      <Changes {...props} />
      <Projects {...props} asked={query.project} />
      <Listed {...props} id="purchases" title={t("purchases")} list={one.purchases} />
      <Quantities {...props} />
      <Listed {...props} id="units" title={t("units")} list={one.units} asked={query.unit} />
      <Figures {...props} />
      <Far {...props} />
      <HeldBack {...props} />
    </>
  );
}

/** What is there whichever year is chosen: documents, units, and who is near. */
export function Around({ body }) {
  const { t } = useWords();
  return (
    <>
      <ItsDocuments body={body} />
      {body.neighbours.units.length > 0 && (
        <Section id="own-units" title={t("units")}>
          <Bodies rows={body.neighbours.units} />
        </Section>
      )}
      <div class="two">
        {body.neighbours.same_office.length > 0 && (
          <Section id="same-office" title={t("same_office")}>
            <Bodies rows={body.neighbours.same_office} region />
          </Section>
        )}
        {body.neighbours.same_place.length > 0 && (
          <Section id="same-place" title={t("same_place")}>
            <Bodies rows={body.neighbours.same_place} />
          </Section>
        )}
      </div>
    </>
  );
}
