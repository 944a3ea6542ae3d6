"""Labels with a misprinted character: read where a sum needs them, else held back."""

from __future__ import annotations

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Content, Page, TextLine
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.narrative_reader import read_narrative
from pipeline.narrative.text.misprints import nearest_subject
from pipeline.narrative.text.paragraphs import fold_in_place


def read(*lines: str) -> Narrative:
    content = Content("lines", "text", (Page(1, 0, 0, tuple(map(TextLine, lines))),))
    return read_narrative(content, fiscal_year=2024, book=code_book(), final=False, department="清风市数据局")


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("公务接待费费", "reception"),
        ("公务用车用车运行费", "vehicle_operation"),
        ("公务车用车运行费", "vehicle_operation"),
        ("公务待接费", "reception"),
        ("专项业务经", "project"),
        ("项目出支", "project"),
        ("专用业务经费", None),  # another character is another word
        ("差旅费", None),
        ("公务费", None),
        ("营收入", None),  # several are as near
    ],
)
def test_the_only_label_that_is_one_misprint_away(words: str, means: str | None) -> None:
    found = nearest_subject(words)
    assert (found and (found.code or found.nature)) == means


def three_public(total: str, reception: str) -> Narrative:
    return read(
        "三、“三公”经费情况说明",
        f"2024年“三公”经费预算{total}万元，其中：因公出国（境）费2.00万元，公务接待费费{reception}万元，比上年减少1.00万元，公务用车运行维护费3.00万元。",
    )


def test_what_a_sum_needs_is_read() -> None:
    told = three_public("9.00", "4.00")
    assert [(x.code, x.name, x.amount_text) for x in told.lines] == [
        ("total", "“三公”经费预算", "9.00"), ("abroad", "因公出国（境）费", "2.00"), ("reception", "公务接待费费", "4.00"),
        ("vehicle_operation", "公务用车运行维护费", "3.00"),
    ]  # fmt: skip
    assert [(c["code"], str(c["change_amount"])) for c in told.year_on_year] == [("reception", "-10000.00")]
    assert not told.held_back


@pytest.mark.parametrize(("total", "reception"), [("10.00", "4.00"), ("5.00", "0.00")])
def test_what_no_sum_decides_is_held_back(total: str, reception: str) -> None:
    told = three_public(total, reception)
    assert [x.code for x in told.lines] == ["total", "abroad", "vehicle_operation"]
    assert [clause for clause, *_ in told.held_back] == [f"公务接待费费 {reception}万元", "公务接待费费 1.00万元"]
    assert not told.year_on_year


def test_the_nature_of_a_code() -> None:
    told = read(
        "二、一般公共预算支出情况", "残疾人事业（20811）28.00万元。具体为：人员经费8.00万元；公用经费0.00万元；专项业务经20.00万元。"
    )
    assert [(x.code, x.nature, x.amount_text) for x in told.lines] == [
        ("20811", "total", "28.00"),
        ("20811", "basic_personnel", "8.00"),
        ("20811", "basic_operating", "0.00"),
        ("20811", "project", "20.00"),
    ]


def test_what_bears_the_label_itself_is_it() -> None:
    told = read(
        "三、“三公”经费情况说明",
        "2024年“三公”经费预算9.00万元，其中：因公出国（境）费2.00万元，公务接待费费4.00万元，公务用车运行维护费3.00万元，公务接待费1.00万元。",
    )
    assert [(x.code, x.amount_text) for x in told.lines if x.code == "reception"] == [("reception", "1.00")]


def test_a_misprinted_label_contradicts_no_other() -> None:
    told = read(
        "二、一般公共预算支出情况", "残疾人事业（20811）28.00万元。具体为：人员经费8.00万元；专项业务经费20.00万元；专项业务经15.00万元。"
    )
    assert [(x.nature, x.amount_text) for x in told.lines] == [("total", "28.00"), ("basic_personnel", "8.00"), ("project", "20.00")]
    assert [clause for clause, *_ in told.held_back] == ["专项业务经15.00万元"]


@pytest.mark.parametrize("printed", ["7，503.31", "７，５０３．３１", "7，503", "1，007，503.31"])
def test_a_comma_of_sentences_inside_digits_is_held_back(printed: str) -> None:
    told = read("二、收入预算情况说明", f"2024年收入预算{printed}万元，其中：一般公共预算拨款收入12.00万元。")
    assert [x.amount_text for x in told.lines if x.name.startswith("收入预算")] == []
    assert [detail for _, detail, *_ in told.held_back][:1] == ["digits that are no number"]


@pytest.mark.parametrize(
    "printed", ["2024，503.31万元", "3个，503.31万元", "7.00，503.31万元", "0，100万元", "1，100万元以上设备", "5，100万元（含）以上"]
)
def test_other_commas_end_a_clause(printed: str) -> None:
    assert "\ufe50" not in fold_in_place(printed)


@pytest.mark.parametrize("opens", ["具体为：", "其中："])
@pytest.mark.parametrize("printed", ["3，386.08", "3,386.08.00"])
def test_parts_of_what_was_held_back_are_of_nothing_known(printed: str, opens: str) -> None:
    told = read(
        "四、一般公共预算拨款支出情况说明",
        f"（1）民政管理事务（20802）{printed}万元，较上年减少20.00万元。{opens}人员经费15.00万元，较上年增加4.00万元；公用经费1.00万元。",
        "（2）民政管理事务（20802）16.00万元。具体为：人员经费15.00万元；公用经费1.00万元。",
    )
    assert [(x.code, x.nature, x.amount_text) for x in told.lines] == [
        ("20802", "total", "16.00"), ("20802", "basic_personnel", "15.00"), ("20802", "basic_operating", "1.00"),
    ]  # fmt: skip
    assert "a part of something that is not known" in [why for _, why, *_ in told.held_back]
