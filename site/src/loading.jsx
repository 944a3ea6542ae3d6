// What is shown while a file is on its way, and where it does not come.
import { useEffect, useState } from "preact/hooks";
import { useWords } from "./i18n.js";

/** What `read` gives, once it has come: { value } or { error }; {} until then, and from the moment that the keys are others. */
export function useLoaded(read, keys) {
  const [state, setState] = useState({});
  const asked = JSON.stringify(keys);
  useEffect(() => {
    let wanted = true;
    read().then(
      (value) => wanted && setState({ asked, value }),
      (error) => wanted && setState({ asked, error }),
    );
    return () => {
      wanted = false;
    };
  }, [asked]);
  return state.asked === asked ? state : {};
}

export function Loaded({ state, children }) {
  const { t } = useWords();
  if (state.error)
    return (
      <p class="note bad" role="alert">
        {t("missing")} <small>{String(state.error.message)}</small>
      </p>
    );
  if (state.value === undefined)
    return (
      <p class="loading" role="status">
        {t("loading")}
      </p>
    );
  return children(state.value);
}
