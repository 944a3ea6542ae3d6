// Amounts that are read against each other, in one unit of money.
import { useContext } from "preact/hooks";
import { Settings } from "../i18n.js";
import { unitOfAll } from "../money.js";

/** @param values fen as BigInt, null for no figure: all amounts that `children` show */
export function OneUnit({ values, children }) {
  const settings = useContext(Settings);
  if (settings.unit !== "auto") return children;
  return <Settings.Provider value={{ ...settings, unit: unitOfAll(values, settings.language) }}>{children}</Settings.Provider>;
}
