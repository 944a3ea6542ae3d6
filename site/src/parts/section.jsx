// A part of a page, with its heading and what is said of it.
export function Section({ id, title, note, children, className }) {
  return (
    <section id={id} class={`part ${className ?? ""}`} aria-labelledby={`${id}-h`}>
      <h2 id={`${id}-h`}>{title}</h2>
      {note && <p class="note">{note}</p>}
      {children}
    </section>
  );
}
