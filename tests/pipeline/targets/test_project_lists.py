"""Lists of projects over pages: names and amounts of merged cells that page breaks cut, never of another project."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.targets.project_lists import ListedRow, assign_to_projects, join_cut_rows


def row(page: int, first: bool, last: bool, cell: tuple[int, int], **parts: str) -> ListedRow:
    names, amounts = cell
    return ListedRow({"goal": "", **parts}, {"project": (page, 0, names), "amount": (page, 0, 1000 + amounts)}, page, first, last)


def paged(lists: list[list[int]], heights: list[int], printed: list[int]) -> tuple[list[ListedRow], list[tuple[str, str]]]:
    """Return the rows of a list and what each belongs to.

    Args:
        lists: for each project how many rows each of its amounts covers.
        heights: rows of each page, used in turn.
        printed: which row of a merged cell shows its text, taken modulo its height.
    """
    truth: list[tuple[int, int]] = []
    for name, groups in enumerate(lists):
        for amount, height in enumerate(groups):
            truth += [(name, 100 * name + amount)] * height
    pages: list[int] = []
    while len(pages) < len(truth):
        pages += [len(set(pages))] * heights[len(set(pages)) % len(heights)]
    pages = pages[: len(truth)]
    shows: dict[tuple[str, int], int] = {}
    for kind, place in (("name", 0), ("amount", 1)):
        for key in {t[place] for t in truth}:
            rows = [i for i, t in enumerate(truth) if t[place] == key]
            shows[kind, key] = pages[rows[printed[key % len(printed)] % len(rows)]]
    rows = []
    for i, (name, amount) in enumerate(truth):
        page = pages[i]
        rows.append(row(
            page, i == 0 or pages[i - 1] != page, i + 1 == len(truth) or pages[i + 1] != page, (name, amount),
            project=f"项目{name:03}号" if shows["name", name] == page else "",
            amount=f"{amount + 1}.00" if shows["amount", amount] == page else "",
        ))  # fmt: skip
    return rows, [(f"项目{name:03}号", f"{amount + 1}.00") for name, amount in truth]


LISTS = st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=3), min_size=1, max_size=8)


@given(LISTS, st.lists(st.integers(1, 7), min_size=1, max_size=4), st.lists(st.integers(0, 8), min_size=1, max_size=5))
def test_no_row_is_given_to_another_project(lists: list[list[int]], heights: list[int], printed: list[int]) -> None:
    rows, truth = paged(lists, heights, printed)
    for listed, (name, _) in zip(assign_to_projects(rows), truth, strict=True):
        assert listed.name in (name, None)
        if listed.name and listed.said["amount"]:
            assert (listed.name, listed.said["amount"]) in truth


@given(LISTS, st.integers(9, 12), st.lists(st.integers(0, 8), min_size=1, max_size=5))
def test_cells_that_cover_no_whole_page_are_all_understood(lists: list[list[int]], height: int, printed: list[int]) -> None:
    short = [[min(h, 3) for h in groups[:2]] for groups in lists]
    rows, truth = paged(short, [height], printed)
    assert [(x.name, x.said["amount"]) for x in assign_to_projects(rows)] == truth


def test_a_name_cut_off_at_the_page_break_is_the_whole_name() -> None:
    rows = [
        row(1, True, True, (0, 0), project="信息系统运", amount="5.00"),
        row(2, True, False, (0, 0), project="信息系统运行维护", amount="5.00"),
        row(2, False, True, (1, 1), project="培训", amount="7.00"),
    ]
    assert [x.name for x in assign_to_projects(rows)] == ["信息系统运行维护", "信息系统运行维护", "培训"]
    assert assign_to_projects(rows)[0].group == assign_to_projects(rows)[1].group


def test_a_shorter_name_with_its_own_amount_is_a_project_of_its_own() -> None:
    rows = [
        row(1, True, True, (0, 0), project="水利工程维护费", amount="5.00"),
        row(2, True, True, (0, 0), project="水利工程维护费（中央）", amount="6.00"),
    ]
    assert [x.name for x in assign_to_projects(rows)] == ["水利工程维护费", "水利工程维护费（中央）"]


def test_names_that_are_not_merged_hold_for_the_rows_below() -> None:
    rows = [
        row(1, True, False, (0, 0), project="培训", amount="5.00"),
        row(1, False, False, (1, 1), project="", amount=""),
        row(1, False, True, (2, 2), project="", amount=""),
        row(2, True, True, (0, 0), project="宣传", amount="6.00"),
    ]
    assert [x.name for x in assign_to_projects(rows)] == ["培训", "培训", "培训", "宣传"]


def test_rows_cut_inside_their_texts_are_put_together() -> None:
    upper = row(1, True, True, (0, 0), project="行业业务管", amount="9.50", goal="落实水资源刚性约")
    lower = row(2, True, True, (0, 0), project="理", amount="", goal="束制度。")
    (whole,) = join_cut_rows([upper, lower])
    assert (whole.parts["project"], whole.parts["amount"], whole.parts["goal"]) == ("行业业务管理", "9.50", "落实水资源刚性约束制度。")
    upper.parts["goal"] = "落实水资源刚性约束制度。"
    assert len(join_cut_rows([upper, lower])) == 2


def test_text_run_into_a_coded_name_leaves_its_code() -> None:
    codes = [f"1100002{i}T00000044401{i}-项目{i}" for i in range(4)]
    names = [*codes, "维类项" + codes[2][:-1], codes[2], codes[3]]
    rows = [row(1, i == 0, i == 6, (i, i), project=name, amount=f"{i}.00") for i, name in enumerate(names)]
    assert [x.name for x in assign_to_projects(rows)] == [*codes, codes[2], codes[2], codes[3]]


def test_a_coded_name_cut_at_the_page_break_is_one_name() -> None:
    codes = [f"1100002{i}T00000044401{i}-项目{i}" for i in range(5)]
    for above, rest in ((codes[4][:-3], codes[4][-3:]), ("11000024T000000444014-", "项目4")):
        names = [*codes[:4], above]
        rows = [row(1, i == 0, i == 4, (i, i), project=name, amount=f"{i}.00") for i, name in enumerate(names)]
        rows.append(row(2, True, False, (0, 0), project=rest, amount=""))
        rows += [row(2, False, i == 3, (i + 1, i + 1), project=f"1100002{i}T00000055501{i}-别的{i}", amount="9.00") for i in range(4)]
        told = assign_to_projects(rows)
        assert [x.name for x in told][4:6] == [above + rest, above + rest]
        assert told[4].group == told[5].group
        assert told[5].said["amount"] == "4.00"


def cut(goal: str, rest: str, **parts: str) -> list[str]:
    """Return the goals of a list whose last row of a page has `goal`, and the first one of the next page `rest`."""
    rows = [
        row(1, True, True, (1, 1), project="甲项目", amount="10", goal=goal),
        row(2, True, False, (1, 1), project="", amount="", goal=rest, **parts),
        row(2, False, True, (2, 2), project="乙项目", amount="20", goal="另一件事。"),
    ]
    return [joined.parts["goal"] for joined in join_cut_rows(rows)]


def test_the_rest_of_a_goal_on_the_next_page_is_its_end_whatever_mark_it_is_cut_at() -> None:
    assert cut("目标1：办好事；", "目标2：办好另一件。") == ["目标1：办好事；目标2：办好另一件。", "另一件事。"]
    assert cut("目标1：办好事。", "目标2：办好另一件。") == ["目标1：办好事。目标2：办好另一件。", "另一件事。"]
    assert cut("目标1：办好事。", "办好事。") == ["目标1：办好事。", "办好事。", "另一件事。"]  # drawn again
    assert cut("目标1：办好事。", "目标2：办好另一件。", implementer="某中心") == ["目标1：办好事。", "目标2：办好另一件。", "另一件事。"]
