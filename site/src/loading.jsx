// What is shown while a file is on its way, and where it does not come.
import { useEffect, useState } from "preact/hooks";
import { useWords } from "./i18n.js";

export function useLoaded(read, keys) {
  const [state, setState] = useState({});
  useEffect(() => {
    let wanted = true;
    setState({});
    read().then(
      (value) => wanted && setState({ value }),
      (error) => wanted && setState({ error }),
    );
    return () => {
      wanted = false;
    };
  }, keys);
  return state;
}

export function Loaded({ state, children }) {
  const { t } = useWords();
  if (state.error) return <p class="note bad" role="alert">{t("missing")} <small>{String(state.error.message)}</small></p>;
  if (state.value === undefined) return <p class="loading" role="status">{t("loading")}</p>;
  return children(state.value);
}
