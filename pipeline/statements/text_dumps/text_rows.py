"""Text dumps, second step: the lines of one table apart into header phrases and rows (code, label, numbers in print order).

Belongs here: tokens, rows cut by line wraps, labels after their numbers, two halves on one line. Does not belong here: what
a label means (`pipeline/statements/meaning/row_labels.py`), which column a number stands in (`row_placement.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.budget.amounts import is_blank, is_misfit
from pipeline.budget.characters import fold, without_spaces
from pipeline.budget.codes.book import CodeList
from pipeline.budget.codes.printed_codes import is_code, parse_code
from pipeline.statements.meaning.row_names import NUMBERED
from pipeline.statements.meaning.unit_rows import may_be_unit, names_body
from pipeline.statements.text_dumps.bare_rows import DumpRow, DumpTable, HeaderLine, RowSide, is_number, number_of
from pipeline.statements.text_dumps.line_words import HAN_CHARACTER, head_two_halves, heads_column, indents_of, numbers_place, tokens_of
from pipeline.statements.text_dumps.row_codes import (
    begins_name_of_first,
    classes_of_row,
    code_beside_end,
    code_of_digits,
    codes_named,
    lacks_own_name,
    may_be_of_row_above,
    names_a_row,
    prints_code,
    with_second_code,
)
from pipeline.statements.text_dumps.segments import DumpLine
from schemas.vocabulary import read_header, read_row_label

_LONGEST_PIECE = 8  # characters that a narrow cell of a heading holds on a line
_MOST_HALVES = 2  # a line with more words that all head columns is no line of names

_LONGEST_SERIAL = 3  # digits
_FEWEST_SERIALS = 2  # rows numbered so far, from 1 on: digits of a code may be 1 higher than those above as well
_SHORTEST_UNIT_CODE = 3  # digits
_DIGITS_OF_LEVEL = 2  # of a code, below its first

_CODE_OF_LEVEL = re.compile("0[1-9]")  # no amount begins with 0 but for a point behind it
_LONGEST_SPACED = 2  # characters: shorter words are parts of one that is spread out (合　计)
_ONLY_NUMBERING = re.compile(rf"(?:{NUMBERED.pattern})+")
_FIELD = re.compile("(?<!其中)(?<!其)(?<!含):.")  # what follows says something of its own
_SENTENCE = re.compile("[，。；]")


def read_table_rows(lines: Sequence[DumpLine], book: CodeList, *, two_sided: bool) -> DumpTable:
    """Take the lines of one table apart.

    Args:
        lines: of the table, in print order.
        book: tells whether a fragment completes the name of a code.
        two_sided: whether a line may hold two rows side by side (revenue and expenditure).
    """
    pointed = any(is_number(t) and re.search(r"[.,]", fold(t)) for line in lines for t in line.text.split())
    reader = _RowReader(book, two_sided, pointed)
    for line in lines:
        reader.read(line)
    return reader.finish()


class _RowReader:
    def __init__(self, book: CodeList, two_sided: bool, pointed: bool) -> None:
        self.book, self.two_sided = book, two_sided
        self.table = DumpTable()
        self.stretch = 0
        self.code: str | None = None  # of the last coded row
        self.waiting: RowSide | None = None  # a code or label whose numbers may follow on the next line
        self.code_parts: list[str] = []  # code digits printed on lines of their own
        self.growing: RowSide | None = None  # a row whose numbers stand on lines of their own
        self.serial = 0
        self.pointed = pointed
        self.after_phrase = False  # whether the line above prints one unknown phrase, between rows
        self.pieces: list[str] = []  # the lines of text since the last row
        self.indents: dict[str, str] = {}  # of the words of the line that is read

    def read(self, line: DumpLine) -> None:
        self.indents = indents_of(line.text)
        words = tokens_of(line.text)
        if numbers_place(line.folded, words, above_rows=not self.table.rows):
            return
        tokens = [t for t in words if not is_misfit(t)]
        self.table.stray += len(words) - len(tokens)
        if not tokens:
            return
        bare = not any(map(is_number, tokens))
        if bare and any(map(HAN_CHARACTER.search, tokens)):
            self.pieces.append(without_spaces("".join(tokens)))
        if not self.table.rows and bare:
            self.table.above.append(HeaderLine(tuple(without_spaces(t) for t in tokens), self.stretch))
            self.table.set_above.append(line.text)
        if tokens == words and self._is_header(tokens):
            self._drop_waiting()
            self.table.header.append(HeaderLine(tuple(without_spaces(t) for t in tokens), self.stretch))
            self.after_phrase = len(tokens) == 1 and bool(self.table.rows) and not read_header(fold(tokens[0]))
            return
        after_phrase, self.after_phrase = self.after_phrase, False
        codes, rest = self._leading_digits(tokens)
        government, rest = with_second_code(rest, self._printed_code(codes), self.book, pointed=self.pointed)
        has_number = any(is_number(t) for t in rest)
        has_label = any(HAN_CHARACTER.search(t) for t in rest)
        if self.two_sided and has_label:
            self._halves(line, tokens)
        elif codes and not rest:
            self._only_digits(line, codes)
        elif has_label and has_number:
            self._row(line, codes, rest, government, after_phrase=after_phrase)
        elif has_label:
            self._only_label(line, codes, rest)
        elif has_number or (self.growing and all(is_blank(t) for t in rest)):
            (self._coded_numbers if self.pointed and prints_code(rest, self.book) else self._only_numbers)(line, rest)

    def finish(self) -> DumpTable:
        self._drop_waiting()
        self.table.rows = [row for row in self.table.rows if any(half.label or half.code or half.numbers for half in row.halves)]
        return self.table

    def _is_header(self, tokens: Sequence[str]) -> bool:
        """Tell whether a line prints header phrases only: no number, no code, no numbered label."""
        if any(_SENTENCE.search(t) or is_number(t) or NUMBERED.match(without_spaces(t)) or parse_code(t) for t in tokens):
            return False
        if self.waiting is not None and self._completes(self.waiting, "".join(tokens)):
            return False
        if any(_FIELD.search(fold(t)) and "of_which" not in read_header(fold(t)) for t in tokens):
            return False
        known = [bool(read_header(fold(t))) for t in tokens]
        if self.two_sided and len(tokens) > _MOST_HALVES and all(known) and any("role" in read_header(fold(t)) for t in tokens):
            return True  # the header again, behind a name that a page ends with
        if self.code_parts or (self.two_sided and self._wrapped_half(tokens)):
            return False
        begun = any(half.numbers for row in self.table.rows for half in row.halves)
        if len(tokens) == 1 and read_row_label(fold(tokens[0])).get("total") and (begun or not self.two_sided):
            return False  # the label of a total row: which numbers it belongs to is decided by what stands beside it
        if self.two_sided and (head_two_halves(tokens) or (not begun and bool(self.table.header) and self._heading_piece(tokens))):
            return True
        if all(known):
            return not (self.two_sided and begun) or any(heads_column(t) for t in tokens)
        return not self.two_sided and (any(known) or self._fragment(tokens))

    def _heading_piece(self, tokens: Sequence[str]) -> bool:
        """Tell whether a line below a heading is more likely a piece of it, cut by a wrap, than a row's name."""
        text = without_spaces("".join(tokens))
        return len(tokens) == 1 and 1 < len(text) <= _LONGEST_PIECE and not self._means(text)

    def _fragment(self, tokens: Sequence[str]) -> bool:
        """Tell whether a line may be a piece of a header phrase cut by a wrap: short, and not the end of a row's name."""
        text = "".join(tokens)
        last = self._last_half()
        if last is not None and last.code and self._completes(last, text):
            return False
        return len(tokens) == 1 and len(text) <= 12 and self.waiting is None and not codes_named(self.book, text)

    def _completes(self, half: RowSide, fragment: str) -> bool:
        """Tell whether a row's label and `fragment` together are a known name (of the row's code), and the label alone is not."""
        if half.code is None:
            joined = half.label + without_spaces(fragment)
            return self._means(joined) and (
                not self._means(half.label) or bool(codes_named(self.book, half.label) & codes_named(self.book, joined))
            )
        scheme = self.book.scheme_of(half.code)
        if scheme is None:
            return False
        joined = half.label + without_spaces(fragment)
        return self.book.is_named(scheme, half.code, joined) and not self.book.is_named(scheme, half.code, half.label)

    def _last_half(self) -> RowSide | None:
        return self.table.rows[-1].halves[-1] if self.table.rows and self.table.rows[-1].halves else None

    def _leading_digits(self, tokens: list[str]) -> tuple[list[str], list[str]]:
        """Split off the bare digits (codes, serial and unit numbers) before the first label, if a label follows or nothing does."""
        count = 0
        while count < len(tokens) and fold(tokens[count]).isdigit():
            count += 1
        if count == len(tokens):
            return (tokens, []) if self._only_codes([fold(t) for t in tokens]) else ([], tokens)
        if is_number(tokens[count]) or is_blank(tokens[count]) or read_row_label(fold("".join(tokens[count:]))).get("total"):
            return [], tokens
        return tokens[:count], tokens[count:]

    def _only_codes(self, digits: list[str]) -> bool:
        """Tell whether a line of bare digits prints codes or a serial number; after numbers of a row it may print more of these."""
        if not all(len(d) <= 3 or parse_code(d) for d in digits):
            return False
        if not self.growing or all(_CODE_OF_LEVEL.fullmatch(d) for d in digits):
            return True
        known = parse_code(digits[0]) is not None
        return known and (self.pointed or len(digits[0]) == 3 or digits[0][:3] == (self.code or "")[:3])

    def _only_digits(self, line: DumpLine, digits: list[str]) -> None:
        """A line of digits alone: pieces of a code, or the serial number of an empty row."""
        folded = [fold(d) for d in digits]
        first_of_code = parse_code(folded[0]) is not None
        if first_of_code or (self.code_parts and all(len(d) == 2 for d in folded)):
            if first_of_code:
                self._drop_waiting()
                self.code_parts = []
            self.code_parts += folded
            self.growing = None
            return
        self._drop_waiting()
        if self.code and _CODE_OF_LEVEL.fullmatch(folded[0]) and len(folded) == 1:
            self.code_parts = folded  # of the row whose name is cut and stands below
        elif len(folded) == 1 and int(folded[0]) == self.serial + 1:
            self.serial += 1
        elif len(folded) > 1 or int(folded[0]) > 99:
            self._start(line, RowSide(numbers=[number_of(d) for d in digits]))

    def _row(
        self, line: DumpLine, codes: list[str], rest: list[str], government: tuple[str, str] | None, *, after_phrase: bool = False
    ) -> None:
        """A line with a label and numbers; after a phrase that stands alone between rows, this may be the rest of a name that it begins."""
        waiting = RowSide(self.table.header[-1].words[0]) if after_phrase else self.waiting
        labels = [t for t in rest if not is_number(t) and not is_blank(t)]
        first_label = next(n for n, t in enumerate(rest) if t in labels)
        first_number = next(n for n, t in enumerate(rest) if is_number(t))
        numbers = [number_of(t) for t in rest if is_number(t) or is_blank(t)]
        if first_number < first_label and not (len(labels) == 1 and read_row_label(fold(labels[0])).get("total")):
            self.table.stray += len(numbers)
            return
        leading = [t for n, t in enumerate(rest) if n < first_number and t in labels] or labels
        classes = classes_of_row(leading, self.book)
        if classes is None or (self.pointed and prints_code(rest, self.book)) or lacks_own_name(codes, leading, self.book):
            self._drop_waiting()
            self.table.stray += len(numbers)
            return
        half = self._half(codes, leading)
        if half.code is None and waiting is not None and self._begins(waiting, half):
            half = RowSide(waiting.label + half.label, waiting.code, waiting.unit_code, indent=waiting.indent)
            if after_phrase:
                self.table.header.pop()
            self.waiting = None
        half.numbers, half.government = numbers, government
        half.classes = classes
        self._drop_waiting()
        self._start(line, half)

    def _printed_code(self, codes: Sequence[str]) -> str:
        return fold(codes[-1]) if codes else (self.waiting.code or "") if self.waiting else ""

    def _begins(self, waiting: RowSide, half: RowSide) -> bool:
        """Tell whether the label that waits for numbers is the first part of this row's."""
        if waiting.code and may_be_of_row_above(waiting.code, waiting.label, self.book):
            half.lost_code = True  # that code is of the row above, this row's own stands below
        if waiting.code:
            return not (half.is_total or half.lost_code)
        if names_body(waiting.label + half.label) and not (names_body(waiting.label) or half.indent or may_be_unit(half.label)):
            return not (self._means(waiting.label) or self._means(half.label))
        return not self._means(half.label) and (self._completes(waiting, half.label) or bool(NUMBERED.match(waiting.label)))

    def _only_label(self, line: DumpLine, codes: list[str], rest: list[str]) -> None:
        """A label without numbers: an empty row, the start of a row, or the end of a name."""
        text = without_spaces("".join(rest))
        last = self._last_half()
        begun = last.label if last is not None and last.numbers and not (last.code or self.code_parts) else ""
        if last is not None and (code := code_beside_end(codes, begun, text, self.book)):
            last.label, last.code, self.code = last.label + text, code, code
            self._drop_waiting()
            return
        if not codes and not self.code_parts:
            if self.waiting is not None and (self.waiting.code or self._completes(self.waiting, text)):
                self.waiting.label += text
                return
            if last is not None and last.numbers and last.code and self._completes(last, text):
                last.label += text
                return
            nameless = last is not None and last.numbers and not last.label and self.table.rows[-1].line.block == line.block
            if last is not None and nameless and read_row_label(fold(text)).get("total"):
                last.label, last.apart = text, True
                return
        self._drop_waiting()
        self.waiting = self._half(codes, rest)
        self.growing = None

    def _only_numbers(self, line: DumpLine, rest: list[str]) -> None:
        """Numbers alone: of the code or label above, or a row without a label."""
        numbers = [number_of(t) for t in rest]
        if self.waiting is not None:
            half, self.waiting = self.waiting, None
            half.numbers, half.apart = numbers, True
            self._start(line, half)
            self.growing = half
        elif self.growing is not None:
            self.growing.numbers += numbers
            self.growing.apart = True
        elif self.two_sided and (last := self._last_half()) is not None and last.label and not last.numbers:
            last.numbers, last.apart = numbers, True
            self.growing = last
        else:
            self._start(line, RowSide(numbers=numbers))

    def _coded_numbers(self, line: DumpLine, rest: list[str]) -> None:
        """A code with its numbers: the row's name stands around it, its beginning on the line above."""
        half, numbers = self.waiting, [number_of(t) for t in rest[1:]]
        self.waiting = self.growing = None
        if half is not None and not half.code and begins_name_of_first(rest, half.label, self.book):
            self.code, half.code, half.numbers = fold(rest[0]), fold(rest[0]), numbers
            self._start(line, half)
        else:
            self.table.stray += len(numbers)

    def _halves(self, line: DumpLine, tokens: list[str]) -> None:
        """A line with one or two rows side by side: each label takes the numbers up to the next label."""
        halves: list[RowSide] = []
        fresh = True
        if wrapped := self._wrapped_half(tokens):
            wrapped.label += without_spaces(tokens[0])
            halves, fresh, tokens = [wrapped], False, tokens[1:]
            self.table.rows[-1].halves.pop()
        for token in tokens:
            if is_number(token) or is_blank(token):
                if not halves:
                    halves.append(RowSide())
                halves[-1].numbers.append(number_of(token))
                fresh = True
            elif halves and not fresh and not self._own_label(token, halves[-1].label):
                halves[-1].label += without_spaces(token)
            elif halves and not halves[-1].label and halves[-1].numbers:
                halves[-1].label, halves[-1].apart = without_spaces(token), True
            else:
                printed = parse_code(token)
                name, code = (printed.name, printed.code) if printed else (without_spaces(token), None)
                halves.append(RowSide(name, code, indent=self.indents.get(token, "")))
                fresh = False
        self._start(line, *halves)

    def _wrapped_half(self, tokens: Sequence[str]) -> RowSide | None:
        """Return the numbered label that the line above ends with, if this line begins with the rest of it."""
        last = self._last_half()
        text = without_spaces(tokens[0])
        if last is None or last.numbers or not NUMBERED.match(last.label) or not HAN_CHARACTER.search(text) or NUMBERED.match(text):
            return None
        if read_row_label(fold(text)).get("total"):
            return None
        return last if not self._means(text) or (self._means(last.label + text) and not self._means(last.label)) else None

    def _means(self, label: str) -> bool:
        return names_a_row(self.book, label)

    def _own_label(self, token: str, before: str) -> bool:
        """Tell whether a word right of a label is a label of its own, not the rest of the first."""
        text = without_spaces(token)
        if _ONLY_NUMBERING.fullmatch(before):
            return False
        indented = len(text) > _LONGEST_SPACED and token in self.indents and not self._means(before + text)
        return bool(NUMBERED.match(text)) or indented or self._means(text)

    def _half(self, codes: Sequence[str], labels: Sequence[str]) -> RowSide:
        half = self._coded(codes, without_spaces("".join(labels)))
        half.indent = self.indents.get(labels[0], "") if labels else ""
        return half

    def _coded(self, codes: Sequence[str], label: str) -> RowSide:
        own = [fold(c) for c in codes]
        if own and self._counts_on(own):
            self.serial = int(own.pop(0))
        above, parts = bool(self.code_parts), [*self.code_parts, *own]
        self.code_parts = []
        if not parts:
            printed = parse_code(label)
            if printed and printed.name:
                self.code = printed.code
                return RowSide(printed.name, printed.code)
            return RowSide(label)
        code = code_of_digits(parts, label, self.code, self.book)
        if code and above and may_be_of_row_above(code, label, self.book):
            return RowSide(label, lost_code=True)  # the digits on the line above are of the row above
        if code:
            self.code = code
            return RowSide(label, code)
        if len(parts) == 1 and len(parts[0]) <= 3 and int(parts[0]) == self.serial + 1:
            self.serial += 1
            return RowSide(label, lost_code=_CODE_OF_LEVEL.fullmatch(parts[0]) is not None and bool(codes_named(self.book, label)))
        unit_code = parts[-1] if len(parts[-1]) >= _SHORTEST_UNIT_CODE else None
        return RowSide(label, unit_code=unit_code, lost_code=unit_code is None and len(parts[-1]) == _DIGITS_OF_LEVEL)

    def _counts_on(self, digits: Sequence[str]) -> bool:
        """Tell whether the first digits of a row are its serial number: before a code, or where rows have been numbered so far."""
        first = digits[0]
        if len(first) > _LONGEST_SERIAL or first.startswith("0") or is_code(first):
            return False
        before_code = len(digits) > 1 and is_code(digits[1])
        return before_code or (self.serial >= _FEWEST_SERIALS and int(first) == self.serial + 1)

    def _start(self, line: DumpLine, *halves: RowSide) -> None:
        self.growing = None
        self.stretch += 1
        self.table.rows.append(DumpRow(line, list(halves), tuple(self.pieces)))
        self.pieces = []

    def _drop_waiting(self) -> None:
        """A code or label that got no numbers is an empty row; a word of totals alone may be a column's heading as well."""
        if self.waiting is not None and self.waiting.is_total:
            self.table.header.append(HeaderLine((self.waiting.label,), self.stretch))
        self.waiting = None
        self.growing = None
