// Figures of the text, such as the number of vehicles: what they are called, and how their value is written.
import { useWords } from "../i18n.js";
import { fen, plain } from "../money.js";

const SIGNS = { percent: "%", m2: " m²" };

export function useFigure() {
  const { label, amount, count } = useWords();
  return {
    called: (figure) => [label("indicator", figure.indicator), figure.name].filter(Boolean).join(" "),
    told: (figure) =>
      figure.unit === "yuan" ? amount(fen(figure.value)) : `${count(plain(fen(figure.value)))}${SIGNS[figure.unit] ?? ""}`,
  };
}
