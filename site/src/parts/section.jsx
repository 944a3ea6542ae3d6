// A part of a page, with its heading, what is said of it, and where to go from it.
export function Section({ id, title, note, more, children }) {
  return (
    <section id={id} class="part" aria-labelledby={`${id}-h`}>
      <h2 id={`${id}-h`}>{title}</h2>
      {more && (
        <p class="more no-print">
          <a href={more.href}>{more.text} →</a>
        </p>
      )}
      {note && <p class="note">{note}</p>}
      {children}
    </section>
  );
}
