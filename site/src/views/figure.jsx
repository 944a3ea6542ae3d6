// One figure of a document's text: its value and the place that it is printed at. No sum has it, so nothing more is said of it.
import { document_ } from "../data.js";
import { useWords } from "../i18n.js";
import { Loaded, useLoaded } from "../loading.jsx";
import { exact, fen } from "../money.js";
import { Section } from "../parts/section.jsx";
import { Sheet } from "../parts/sheet.jsx";
import { Head, TheDocument } from "./number.jsx";
import { useFigure } from "./figures.js";

export function FigurePage({ parts: [id, item] }) {
  const { t } = useWords();
  const state = useLoaded(() => document_(id), [id]);
  return (
    <Loaded state={state}>
      {(document) => {
        const figure = document.figures.find((one) => String(one.item) === item);
        return figure ? <Shown document={document} figure={figure} /> : <p class="note bad">{t("missing")}</p>;
      }}
    </Loaded>
  );
}

function Shown({ document, figure }) {
  const { t } = useWords();
  const { called, told } = useFigure();
  const size = document.pictures[String(figure.page)];
  window.document.title = `${called(figure)} · 预算 Yusuan`;
  return (
    <>
      <Head document={document} />
      <h1>
        <bdi>{called(figure)}</bdi>
      </h1>
      <p class="big">
        {told(figure)}{" "}
        {figure.unit === "yuan" && (
          <small>
            {exact(fen(figure.value))} {t("yuan")}
          </small>
        )}
      </p>
      <p class="note">{t("figure_of_text")}</p>
      <Section id="where" title={t("where")}>
        {size && figure.box[0] !== null ? (
          <Sheet document={document.document_id} page={figure.page} size={size} marks={[{ box: figure.box, kind: "main" }]} />
        ) : (
          <p class="note">{figure.page ? t("no_picture", { n: figure.page }) : (figure.cell ?? t("in_sentence"))}</p>
        )}
      </Section>
      <TheDocument document={document} />
    </>
  );
}
