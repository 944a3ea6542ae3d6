"""Text that is none of a page's own: what seals, stamps and watermarks print over a table, and white text on white paper.

Digits of a seal that stand in the cell of an amount would become digits of the amount. What they do not share with it is their colour.

Belongs here: telling such text by its colour. What has the colour of the numbers stays: whether it is one number with them, the second
reading tells (`pipeline.document.text_layer`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.budget.amounts import parse_amount
from pipeline.budget.characters import fold
from pipeline.document.content import Word
from pipeline.document.pdf.drawing import Drawing
from pipeline.document.pdf.paint import is_white, tinted
from pipeline.document.pdf.runs import TextRun, lines_of, text_of_line

_SLACK = 0.5
"""Points by which a number of the text layer may stand outside the run that it is part of."""


def unseen(runs: Iterable[TextRun], drawn: Drawing) -> list[TextRun]:
    """Return the runs of a loaded page that are printed in white where nothing is tinted or pictured behind them."""
    white = [run for run in runs if run.colour and is_white(run.colour)]
    if not white or drawn.images:
        return []
    behind = tinted(drawn.areas)
    return [run for run in white if not any(box.x0 <= run.x <= box.x1 and box.y0 <= run.y <= box.y1 for box in behind)]


def foreign(cells: Iterable[Sequence[TextRun]]) -> list[TextRun]:
    """Return the runs in the cells of a page that have a colour of seals and watermarks.

    Such a colour stands beside numbers of the page's own colour, in the same cells, at least as often as alone in a cell.

    Args:
        cells: the runs in each cell of the page.
    """
    filled = [runs for runs in cells if runs]
    own = Counter(runs[0].colour for runs in filled if len(runs) == 1 and parse_amount(runs[0].text) is not None)
    if not own:
        return []
    colour = own.most_common(1)[0][0]
    beside: Counter[int] = Counter()
    alone: Counter[int] = Counter()
    for runs in filled:
        others = {run.colour for run in runs if run.colour != colour}
        number = [run for run in runs if run.colour == colour]
        if number and others and parse_amount("".join(text_of_line(line) for line in lines_of(number))) is not None:
            beside.update(others)
        elif not number:
            alone.update(others)
    strange = {other for other in beside if beside[other] >= alone[other]}
    return [run for runs in filled for run in runs if run.colour in strange]


def without(runs: list[TextRun], strange: Sequence[TextRun]) -> list[TextRun]:
    """Return runs without those that are strange."""
    return [run for run in runs if not any(run is other for other in strange)] if strange else runs


def own_numbers(numbers: tuple[Word, ...], strange: Sequence[TextRun]) -> tuple[Word, ...]:
    """Return the numbers of a page's text layer without those of foreign runs."""
    if not strange:
        return numbers
    return tuple(word for word in numbers if not any(_is_part(word, run) for run in strange))


def _is_part(word: Word, run: TextRun) -> bool:
    inner, outer = word.box, run.box
    return (
        inner.x0 >= outer.x0 - _SLACK
        and inner.x1 <= outer.x1 + _SLACK
        and inner.y0 >= outer.y0 - _SLACK
        and inner.y1 <= outer.y1 + _SLACK
        and fold(word.text) in fold(run.text)
    )
