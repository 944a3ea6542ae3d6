// The bodies of a province, by region.
import { province } from "../data.js";
import { useWords } from "../i18n.js";
import { Loaded, useLoaded } from "../loading.jsx";
import { Bodies } from "../parts/bodies.jsx";
import { Section } from "../parts/section.jsx";

export function Province({ parts: [id], start }) {
  const { t, provinceName, placeName, count } = useWords();
  const state = useLoaded(() => province(id), [id]);
  const about = start.provinces.find((one) => one.id === id);
  return (
    <>
      <p class="crumbs">
        <a href="#/">{t("start")}</a>
      </p>
      <h1>{about ? provinceName(about) : id}</h1>
      {about && (
        <p class="lead">
          {t("of_all_grades", { n: count(about.documents) })} · {count(about.lines)} {t("lines")}
        </p>
      )}
      <Loaded state={state}>
        {({ regions }) =>
          regions.map((region) => (
            <Section id={`r${region.code}`} key={region.code} title={placeName(region.name) || region.code}>
              <Bodies rows={region.bodies} />
            </Section>
          ))
        }
      </Loaded>
    </>
  );
}
