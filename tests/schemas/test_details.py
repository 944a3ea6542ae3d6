"""What checks, findings and reasons say has Chinese: every text that the code makes has a row, and rows say nothing of their own."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import details
from schemas.details import detail_in_chinese, subject_in_chinese
from schemas.message_templates import GAP, Templates

ROOT = Path(details.__file__).parents[1]
ROWS = ROOT / "schemas" / "chinese_details.csv"
HAN = re.compile("[\u4e00-\u9fff]")
SAYS = (
    *("pipeline/checks/attribution.py", "pipeline/checks/causes.py", "pipeline/checks/contradictions.py", "pipeline/checks/findings.py"),
    *("pipeline/checks/leaf_sums.py", "pipeline/checks/of_pages", "pipeline/checks/of_prose", "pipeline/accounting/evaluate.py"),
    *("pipeline/narrative/claims", "pipeline/narrative/comparisons.py", "pipeline/narrative/narrative_lines.py"),
    *("pipeline/narrative/resolution.py", "pipeline/narrative/sentence_reader.py", "pipeline/store/partitions/superseded.py"),
    *("pipeline/publish/marts/row_doubts.py", "pipeline/publish/marts/settled_totals.py", "pipeline/publish/marts/held_back.py"),
)
"""Modules that say what stands in `detail` and `reason`."""

PIECES = {
    *(", differs by X", ", not row X", "Read as X, X X: only X makes all its identities hold.", "its picture may say", "the page prints"),
    *("Numbers of the section's sentences that stand in no table of the dataset, the first:", "performance targets X"),
    *("in table X of page X", "beside the tables of page X", "the same amount stands under X in the two statements"),
    *("all spending is X", "its basic spending is X", "its department has X", "the revenue of its fund is X"),
}
"""They stand in a text of another module or in a longer one of theirs, which has its row."""

LEAST = 10
"""Characters before the first gap of a text by which it is known again."""

NO_DETAILS = {"X has no side", "no total"}
"""They stand in no `detail`."""


def rows() -> list[dict[str, str]]:
    with ROWS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts() -> Iterator[str]:
    """Sentences and parts of sentences in the code, X for what is filled in."""
    for given in SAYS:
        path = ROOT / given
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            tree = ast.parse(file.read_text(encoding="utf-8"))
            parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
            parts |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
            for node in ast.walk(tree):
                if isinstance(node, ast.JoinedStr):
                    yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
                    yield node.value


def test_every_detail_that_the_code_says_has_chinese() -> None:
    said = {text.strip(" ;") for text in texts()}
    sentences = {text for text in said if re.search(r"[a-z]{2,} [a-z]{2,}", text) and "(?" not in text} - PIECES - NO_DETAILS
    assert len(sentences) > 80
    without = sorted(text for text in sentences if not HAN.search(detail_in_chinese(text) or subject_in_chinese(text)))
    assert without == [], "add the Chinese of these to schemas/chinese_details.csv"


def test_every_reason_that_there_is_advice_on_has_chinese() -> None:
    with (ROOT / "pipeline" / "checks" / "advice.csv").open(encoding="utf-8", newline="") as file:
        beginnings = [row["reason"] for row in csv.DictReader(file)]
    said = [row["english"] for row in rows()]
    open_ended = [text.split(GAP)[0] for text in said if len(text.split(GAP)[0]) >= LEAST]
    known = [reason for reason in beginnings if any(text.startswith(reason) for text in said) or reason.startswith(tuple(open_ended))]
    assert [reason for reason in beginnings if reason not in known] == []


def test_rows_fill_in_what_the_english_says_and_no_more() -> None:
    for row in rows():
        gaps = {str(number) for number in range(row["english"].count("{}"))}
        assert set(re.findall(r"\{(\d)\}", row["chinese"])) <= gaps, row
        assert HAN.search(row["chinese"]) or "{0}" in row["chinese"], row


def test_no_row_stands_behind_a_wider_one() -> None:
    known: list[dict[str, str]] = []
    for row in rows():
        example = row["english"].replace("{}", "X")
        earlier = Templates.of((one["english"], one["english"]) for one in known if one["inside"] == row["inside"])
        assert earlier.said(example, str) in (None, row["english"]), row
        known.append(row)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("28,600 = Σ of 2: 240,800, differs by -212,200", "28,600，其 2 项之和为 240,800，相差 -212,200"),
        ("0 ≥ Σ of 1: 7,020; printed with fewer decimals", "0 应不小于 1 项之和 7,020；印出的小数位较少"),
        (
            "27,800.00 for 120,000.00 would make 1 identity hold and break none; the page prints 12.00.",
            "若 120,000.00 改为 27,800.00，则 1 条勾稽关系成立，其他都不受影响；页面上印的是 12.00。",
        ),
        (
            "5.00 for 1.00, 6.00 for 2.00 would make 2 identities hold.",
            "若 1.00 改为 5.00、2.00 改为 6.00，则 2 条勾稽关系成立。",
        ),
        (
            "narrative 1.00, table 2.00 (expenditure_summary 3); less than one printed step apart",
            "文字写 1.00，第 3 张表（支出预算总表）印作 2.00；相差不到印出的最小位",
        ),
        ("Header of statement 4 (支出; 表) that is not in the vocabulary.", "第 4 张表（支出; 表）的表头不在词表中。"),
        ("The file is empty.", "文件是空的。"),
        ("Reading failed with ValueError: x; y", "读取失败：ValueError: x; y"),
        ("增加1,464.3万元", "增加1,464.3万元"),
        ("what nobody says", None),
    ],
)
def test_details_keep_their_numbers_and_names(english: str, chinese: str | None) -> None:
    assert detail_in_chinese(english) == chinese


def test_a_clause_without_a_row_stands_beside_the_others() -> None:
    assert detail_in_chinese("one last digit; what nobody says") == "只差末位；what nobody says"


def test_subjects_keep_the_words_of_documents() -> None:
    assert subject_in_chinese("performance targets in table 1 of page 62") == "第 62 页表 1 的绩效指标"
    assert subject_in_chinese("增加部门预算1,464.3万元") == "增加部门预算1,464.3万元"
