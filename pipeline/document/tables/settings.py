"""The thresholds of the table detectors: one frozen object for each detector, every value with its unit and its reason.

Belongs here: numbers that decide where a table, a row, a column or a cell is. Does not belong here: what is done with them,
and the thresholds of glyphs and runs (`document/pdf/`).

Units: points are 1/72 inch of the upright page; "heights" are shares of the height of the print at hand, so that a value holds
for small and for large print; counts are whole numbers.

"Same from … to …" was measured by `benchmarks/thresholds.py`, each value changed alone, and says that no cell, text or loose
amount came out otherwise: for ruled tables, cells, runs and drawings on 234 pages of two places (6 documents), for tables without
vertical rules on 72 generated pages (51 such tables in three layouts). Beyond the range pages change, or it was not tried. A value
without a range was not measured, or its limits guard against drawings and broken files that these pages do not hold.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuledSettings:
    """Tables that rulings draw (`ruled.py`)."""

    same: float = 2.5
    """Points. Rulings nearer than this are one: double rulings, borders of neighbouring cells drawn twice. Print is thrice as high.

    Same from 1.25 to 5.
    """
    joined: float = 4.0
    """Points. A ruling goes on over a gap up to this: dashes, corners that do not quite meet. Less than the width of one character.

    Same from 2 to 8.
    """
    open_side: float = 8.0
    """Points. Rulings that reach so far beyond the outermost crossing one leave an open column or row: a character of small print.

    Same from 4 to 16.
    """
    fewest_open: int = 2
    """Rulings. So many must reach beyond the outermost crossing one: a single one that does is a slip of the pen."""
    open_one_in: int = 3
    """At least one ruling in so many must reach beyond: rows of a heading or of sums may end earlier."""
    most_rulings: int = 2_000
    """Rulings in one direction, on one page. More are a drawing (a map, a pattern): no page has so many rows of print."""
    smallest: float = 5.0
    """Points. The median row or column of a table is not lower or narrower than the smallest print.

    Same from 2.5 to 10.
    """
    most_cells: int = 50_000
    """Elementary cells of one table. More are a drawing; the largest tables on one page have a few thousand."""


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """Lines of a page as texts that stand together (`chunks.py`)."""

    apart: float = 0.8
    """Heights. Text nearer than this belongs together, and an amount must stand at least so far from text: a space is a half.

    Same from 0.4 to 1.6.
    """
    aligned: float = 3.0
    """Points. Amounts of one column end (or are centred) within this: half a digit, as print set by hand drifts.

    Same from 1.5 to 3.75; at 6 two pages change.
    """
    fewest_lines: int = 3
    """Lines. Two lines whose amounts stand below one another happen in prose, three are a column.

    Same from 2 to 3; with 4 two pages change, with 6 nine.
    """
    shortest_sentence: int = 6
    """Characters. A text must be longer than this to be a sentence: `12.5万元` in a cell is none."""
    widest_cell: float = 0.55
    """Of the page's print width. A sentence wider than this beside other text runs through a column's border: it is prose.

    Same from 0.28 to 1.1 (there is no prose on these pages).
    """


@dataclass(frozen=True, slots=True)
class RowSettings:
    """Rows that no rule separates (`row_bands.py`)."""

    chunks: ChunkSettings = ChunkSettings()
    rule_width: float = 0.4
    """Of the table's width. A rule so long may part rows; shorter ones underline single cells."""
    rule_reach: float = 20.0
    """Points. Rules so far above or below the print still frame its first or last row: about two lines of print."""
    fewest_rules: int = 3
    """Rules. Only more than this can be the borders of rows: three are the frame and the line below the heading."""
    share_of_rules_that_decide: float = 0.9
    """Of the gaps between lines of amounts. Where rules stand in so many, they decide the rows; a few may be lost in the drawing."""
    lowest_band: float = 3.0
    """Points. What two rules enclose lower than this is a double rule, no row."""
    share_of_coded_rows: float = 0.8
    """Of the lines of amounts. Where so many begin with a code, each row does: a line without one goes on with the row before.

    Same from 0.4 to 0.8; at 1 two pages change.
    """
    coded_reach: float = 2.5
    """Heights. The rest of a row that begins with a code stands no further below than this: one wrapped line may be skipped.

    Same from 2 to 5; at 1.25 two pages change.
    """
    nearer: float = 0.8
    """Steps up. A line without amounts that stands so much nearer to the line below it, and hugs it, begins the row of that one: lines of
    one name stand equally far apart, rows further. A heading over rows stands as far from them as they from one another."""
    wrapped_pitch: float = 0.72
    """Of the pitch of the lines of amounts. The wrapped rest of a name hugs its row more closely than the next row does.

    Same from 0.36 to 1.44.
    """
    led_height: float = 1.33
    """Heights. Lines of a name above those of its code and amounts are set so near: a printed line and its leading.

    Same from 1.32 to 1.36 on made pages; the corpus has none.
    """
    solid_height: float = 1.05
    """Heights. Lines set so near are set solid, and go on with each other whatever their width."""
    share_of_steps: float = 0.9
    """Of the steps between lines. The greatest but for gaps between parts of a table: rows stand so far apart, wrapped lines nearer."""
    wrapped_height: float = 1.31
    """Heights. Lines of one cell are set solid, or with the leading of common fonts, up to 1.3; the next row stands a little further below.

    Same from 0.84 to 1.31 in the corpus; at half or twice the value four pages change.
    """
    few_columns: int = 2
    """Columns. The shorter of two lines of one row prints no more: only a code and a name wrap, or a name alone."""


@dataclass(frozen=True, slots=True)
class LostBorderSettings:
    """Cells of ruled tables in which two columns or rows came together (`lost_borders.py`)."""

    rows_with_amounts: float = 0.5
    """Of the rows that print anything. In so many a table of amounts prints some; one of targets and texts does in few."""
    margin: float = 1.0
    """Points. Text may stick out of its column or row by this much: the width of a ruling."""
    aligned: float = 3.0
    """Points. Texts of one column begin, end or are centred within this, as those of tables without rulings."""
    fewest_lines: int = 3
    """Lines. Amounts beside words happen in a note of two lines; three below one another are a column."""
    apart: float = 0.8
    """Heights. An amount stands so far from what is beside it in another column: a space is a half."""
    centred: float = 0.25
    """Heights. How far from the middle of its row text is still centred."""


@dataclass(frozen=True, slots=True)
class HeadingSettings:
    """Headings of tables without vertical rules (`column_headings.py`)."""

    same_cell: float = 0.6
    """Heights. Lines nearer than this are one wrapped text.

    Same from 0.44 to 1.1; at 0.28 twelve pages change.
    """
    level: float = 0.35
    """Heights. Texts whose middles differ by less stand at one height.

    Same from 0.18 to 0.7.
    """
    alone: float = 40.0
    """Points. A heading and a column further apart than twice this do not belong together: four characters of ordinary print.

    Same from 32 to 80; at 20 four pages change.
    """
    whole: float = 0.75
    """Heights. Texts of cells as high as the heading stand so near the middle of its print: above or below a line may be missing."""
    frame: float = 3.0
    """Points. Rules nearer than this to the heading's edges are its frame, not rules within it."""
    overlap: float = 0.5
    """Of the narrower text. Texts that share so much of their width stand below one another.

    Same from 0.25 to 0.63; at 1 twelve pages change.
    """
    spaced_letters: float = 4.0
    """Heights. Single letters of one word set wide (合 计) are nearer than this."""
    touching: float = 0.3
    """Heights. Texts of one height that are nearer than this are one text: the gap that ends a run of glyphs."""
    narrow: float = 3.5
    """Heights. A column narrower than this may be headed by a single letter (类 款 项)."""
    own_column: float = 1.5
    """Heights. A letter stands no further from the column that it alone heads."""
    off_centre: float = 0.05
    """Points of cost for a point between the middles of heading and column: breaks ties between columns that it overlaps alike."""


@dataclass(frozen=True, slots=True)
class WhitespaceSettings:
    """Tables of aligned text (`whitespace.py`)."""

    ruled: RuledSettings = RuledSettings()
    chunks: ChunkSettings = ChunkSettings()
    rows: RowSettings = RowSettings()
    headings: HeadingSettings = HeadingSettings()
    frame_length: float = 100.0
    """Points. Shorter rules underline words; a table is wider than a sixth of a page.

    Same from 50 to 200.
    """
    frame_drift: float = 8.0
    """Points. Rules of one frame begin and end within this of one another.

    Same from 4 to 16.
    """
    frame_rules: int = 3
    """Rules. A frame has one above, one below the heading and one at the end; two may enclose anything.

    Same from 2 to 3; with 6 six pages change.
    """
    reach: float = 3.2
    """Median heights of lines with amounts. A wider gap ends a table: rows set wide leave two lines free.

    Same from 1.6 to 6.4.
    """
    bridge_width: float = 0.5
    """Of the line's width. Rules so long between two distant lines are rows without text."""
    bridge_rules: int = 2
    """Rules. One between two distant lines may end a table, two are the borders of an empty row."""
    larger_print: float = 1.25
    """Sizes of the table's print. Larger print is a title or a page number, no part of the table.

    Same from 1.25 to 2.5; at half the value 45 pages change.
    """
    heading_height: float = 16.0
    """Sizes of the table's print. No heading is higher: eight lines at double spacing; what stands above is text before the table.

    Lines are not counted: where neighbouring texts are wrapped into two and into three, theirs stand at five heights.
    """
    widest_heading: float = 12.0
    """Heights (about as many characters). A single text wider than this above or below a table is its title, or a remark.

    Same from 6 to 24.
    """
    amounts_of_few_rows: int = 4
    """Amounts. So many in one line or two below words are a table's only rows: 三公 has six columns, of which some may be blank."""
    amounts_below_head: int = 2
    """Amounts. So many right below a ruled head, each in one of its columns, are of its rows; one may be a remark's."""
    share_aligned: float = 0.6
    """Of the amounts. So many must end or be centred where amounts of other lines do.

    Same from 0.3 to 0.6.
    """
    fewest_columns: int = 3
    """Borders of columns, the outer sides among them: with fewer there is but one column, a list."""
    heading_rule: float = 0.7
    """Of the table's width. A rule so long below the heading ends it."""
    beside: float = 0.9
    """Heights. Lines nearer than this stand beside one another, as in one row: below one another they are set solid at least."""
    edge: float = 2.0
    """Points. Rules lie so far off the print they belong to, and the outer borders of a table are set so far off its text."""
    least_gutter: float = 2.0
    """Points. A white corridor between columns is wider than this, unless the columns are flush with it on both sides.

    Same from 1 to 4.
    """
    hairline: float = 0.2
    """Points. Columns that are flush with it on both sides may meet with so little between them.

    Same from 0.1 to 0.4.
    """
    crossing_one_in: int = 25
    """One line in so many may cross a corridor: the label of a sum stands in the middle of several columns."""
    many_lines: int = 8
    """Lines. In so many, one may cross a corridor in any case; in fewer, a column of three lines would close it."""


@dataclass(frozen=True, slots=True)
class CellSettings:
    """Text into cells (`cells.py`)."""

    margin: float = 1.0
    """Points. Text may stick out of its cell by this much without being torn; the width of a ruling.

    Same from 0.5 to 2.
    """
    least_crossing: float = 0.15
    """Heights. A line that sticks out so far stands on the border.

    Same from 0.08 to 0.3.
    """
    centred: float = 0.2
    """Heights. How far from the middle of a cell text is still centred.

    Same from 0.1 to 0.4.
    """
    pitch_from: float = 0.9
    """Heights. Lines of one cell stand at least so far below one another (set solid, boxes of glyphs overlap a little).

    Same from 0.45 to 1.8.
    """
    pitch_to: float = 2.0
    """Heights. … and at most so far (double spacing).

    Same from 1 to 4.
    """
    drawn_singly: int = 2
    """One text object for every so many characters: then objects are glyphs, and their ends say nothing of cells."""
    fewest_objects: int = 2
    """Cuts between text objects. A text of two objects is two texts, not glyphs drawn singly."""
    shortest_pair: int = 6
    """Characters. Only a longer text can hold two amounts: `0.00` twice is eight."""


RULED = RuledSettings()
CHUNKS = ChunkSettings()
ROWS = RowSettings()
LOST = LostBorderSettings()
HEADINGS = HeadingSettings()
WHITESPACE = WhitespaceSettings()
CELLS = CellSettings()
