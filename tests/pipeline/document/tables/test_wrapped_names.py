"""Tables without rules whose names wrap: each line of a name stands in the row of its code, wherever in the row its amounts stand."""

from __future__ import annotations

import pytest

from pipeline.document.pdf_reader import read_pdf
from tests.pipeline.document.sheets import Sheet, pdf

ROWS = [
    ("203", "国防支出"),
    ("208", "社会保障和就业支出"),
    ("20805", "行政事业单位养老支出"),
    ("2080505", "机关事业单位基本养老保险缴费支出"),
    ("213", "农林水支出"),
    ("21303", "水利"),
    ("2130311", "水资源节约管理与保护"),
]
LINE, PADDING = 13.0, 7.0


def _rows(*, letters: int, amounts_at: float) -> list[list[str]]:
    sheet = Sheet(width=420, height=600)
    y = 40.0
    for x, word in ((40, "科目编码"), (130, "科目名称"), (250, "合计"), (330, "基本支出")):
        sheet.text(x, y, word)
    y += LINE + PADDING
    for n, (code, name) in enumerate(ROWS, 1):
        lines = [name[at : at + letters] for at in range(0, len(name), letters)]
        for m, line in enumerate(lines):
            sheet.text(120, y + LINE * m, line)
        beside = y + LINE * (len(lines) - 1) * amounts_at
        sheet.text(40, beside, code)
        for end in (275, 370):
            sheet.right(end, beside, f"{n}1.50")
        y += LINE * len(lines) + PADDING
    (grid,) = read_pdf(pdf(sheet)).pages[0].grids
    found: dict[int, list[str]] = {}
    for cell in sorted(grid.cells, key=lambda cell: (cell.row, cell.column)):
        if cell.text:
            found.setdefault(cell.row, []).append(cell.text.replace("\n", ""))
    return list(found.values())[1:]


@pytest.mark.parametrize("amounts_at", [0.0, 0.5, 1.0], ids=["at the top", "in the middle", "at the bottom"])
@pytest.mark.parametrize("letters", [7, 9])
def test_the_lines_of_a_name_stand_with_its_code(letters: int, amounts_at: float) -> None:
    assert _rows(letters=letters, amounts_at=amounts_at) == [[code, name, f"{n}1.50", f"{n}1.50"] for n, (code, name) in enumerate(ROWS, 1)]


def test_a_heading_over_rows_is_a_row_of_its_own_however_far_the_rows_above_it_stand() -> None:
    sheet = Sheet(width=420, height=600)
    for x, word in ((40, "科目编码"), (130, "科目名称"), (250, "合计"), (330, "基本支出")):
        sheet.text(x, 40, word)
    y = 60
    for n, (code, name) in enumerate(ROWS, 1):
        if len(code) == 3:
            y += 10
            sheet.text(120, y, "某一类")
            y += 16
        sheet.text(40, y, code)
        sheet.text(120, y, name)
        for end in (345, 400):
            sheet.right(end, y, f"{n}1.50")
        y += 18
    (grid,) = read_pdf(pdf(sheet)).pages[0].grids
    names = [cell.text for cell in sorted(grid.cells, key=lambda cell: cell.row) if cell.column == 1 and cell.text]
    assert [name for name in names if name in {name for _, name in ROWS}] == [name for _, name in ROWS]


@pytest.mark.parametrize(
    ("below", "above", "coded"),
    [
        *((13, 20, True), (15, 22, True), (20, 30, True)),
        *((15, 22, False), (20, 30, False)),  # set solid over its item, a class as wide as names get is not told from the beginning of one
    ],
)
def test_a_class_without_amounts_is_a_row_however_near_its_item_stands(below: int, above: int, coded: bool) -> None:
    classes = [("205", "教育支出", "2050205", "高等教育"), ("210", "卫生健康支出", "2101101", "行政单位医疗")]
    classes += [("221", "住房保障支出", "2210201", "住房公积金"), ("21303", "水利", "2130305", "水利工程建设")]
    sheet = Sheet(width=420, height=600)
    for x, word in ((40, "科目编码"), (130, "科目名称"), (250, "合计"), (330, "基本支出")):
        sheet.text(x, 40, word)
    y = 62
    for n, (code, name, item, item_name) in enumerate(classes, 1):
        if coded:
            sheet.text(40, y, code)
        sheet.text(120, y, name)
        y += below
        sheet.text(40, y, item)
        sheet.text(120, y, item_name)
        for end in (275, 370):
            sheet.right(end, y, f"{n}1.50")
        y += above
    (grid,) = read_pdf(pdf(sheet)).pages[0].grids
    texts = {cell.text for cell in grid.cells}
    assert {name for _, name, _, _ in classes} | {name for *_, name in classes} <= texts
    assert {code for *_, code, _ in classes} <= texts
    assert not coded or {code for code, *_ in classes} <= texts


UNCODED = ["国防支出", "社会保障和就业支出", "行政事业单位养老支出", "农林水支出", "水资源节约管理与保护", "住房公积金支出"]


@pytest.mark.parametrize("amounts_at", [0.0, 0.5, 1.0], ids=["at the top", "in the middle", "at the bottom"])
@pytest.mark.parametrize("leading", [10.0, 12.5, 13.0])
@pytest.mark.parametrize("ruled", [True, False])
def test_the_lines_of_a_name_without_a_code_stand_together(leading: float, amounts_at: float, ruled: bool) -> None:
    sheet = Sheet(width=420, height=600)
    for x, word in ((60, "科目名称"), (190, "合计"), (290, "基本支出")):
        sheet.text(x, 50, word)
    y = top = 75.0
    for n, name in enumerate(UNCODED, 1):
        parts = [name[at : at + 7] for at in range(0, len(name), 7)]
        for m, part in enumerate(parts):
            sheet.text(45, y + leading * m, part)
        for end in (220, 330):
            sheet.right(end, y + leading * (len(parts) - 1) * amounts_at, f"{n}1.50")
        y += leading * (len(parts) - 1) + 21
    if ruled:
        for x in (40, 150, 240, 350):
            sheet.line(x, 30, x, y)
        for height in (30, top - 14, y):
            sheet.line(40, height, 350, height)
    (grid,) = read_pdf(pdf(sheet)).pages[0].grids
    names = {cell.row: cell.text.replace("\n", "") for cell in grid.cells if cell.column == 0 and cell.text}
    amounts = {cell.row: cell.text for cell in grid.cells if cell.column == 1 and cell.text}
    assert [(names.get(row), amount) for row, amount in sorted(amounts.items())][-len(UNCODED) :] == [
        (name, f"{n}1.50") for n, name in enumerate(UNCODED, 1)
    ]


@pytest.mark.parametrize("pitch", [12.5, 14.0, 20.0])
def test_a_name_without_amounts_that_stands_as_far_from_its_neighbours_as_they_do_is_a_row(pitch: float) -> None:
    sheet = Sheet(width=420, height=600)
    for x, word in ((60, "科目名称"), (190, "合计"), (290, "基本支出")):
        sheet.text(x, 50, word)
    names = ["社会保障和就业", "养老支出", "农林水支出", "水利工程建设支出", "住房保障支出", "公积金"]
    for n, name in enumerate(names):
        sheet.text(45, 75 + pitch * n, name)
        for end in (220, 330) if n != 2 else ():
            sheet.right(end, 75 + pitch * n, f"{n}1.50")
    (grid,) = read_pdf(pdf(sheet)).pages[0].grids
    assert [cell.text for cell in sorted(grid.cells, key=lambda cell: cell.row) if cell.column == 0 and cell.text in names] == names


def test_rows_without_amounts_set_as_near_as_wrapped_lines_are_rows() -> None:
    """使用非财政拨款结余, with no amount, does not go on with 本年收入合计: it stands as far below it as all rows from one another."""
    sheet = Sheet(width=420, height=600)
    names = [
        *(
            "一般公共预算财政拨款收入",
            "政府性基金预算财政拨款收入",
            "事业收入",
            "本年收入合计",
            "使用非财政拨款结余",
            "年初结转和结余",
            "总计",
        ),
        *("一般公共服务支出", "社会保障和就业支出", "住房保障支出", "本年支出合计", "结余分配", "年末结转和结余", "合计"),
    ]
    for n, name in enumerate(names):
        y = 60.0 + 13.0 * n  # 1.3 times the height of the characters
        sheet.text(40, y, name)
        if n in (0, 3, 6, 7, 8, 10, 13):
            sheet.right(300, y, f"{n}1.50")
    (grid,) = read_pdf(pdf(sheet)).pages[0].grids
    assert not [cell.text for cell in grid.cells if "\n" in cell.text]
