"""A document read whole: the rows that it gives fit the tables, and what cannot be published says why."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import fields

import pytest

from pipeline.budget.line import Line
from pipeline.document.content import Page
from pipeline.document.inputs.sources import Hint
from pipeline.samples import DOCUMENTS
from pipeline.stages.checking import Checked
from pipeline.stages.reading import read_document
from pipeline.store.frames import SourceFacts, document_frames
from schemas.tables import TABLES
from tests.pipeline.statements.paper import content, page

DOCUMENT_KEYS = {"document_id", "fiscal_year", "province", "region_code", "department"}
ROWS = ("year_on_year", "key_figures", "projects", "performance_indicators", "checks", "findings", "publisher_errors", "identity_evidence")
FACTS = {"document_id", "sha256", "file_name", "source_url", "media_type", "bytes"}
COUNTED = {"superseded_by", "lines", "checks_passed", "checks_failed", "checks_not_applicable", "reconciled", "grade"}


@pytest.fixture(scope="module")
def read() -> dict[str, tuple[bytes, Checked]]:
    found = {}
    for path in sorted(DOCUMENTS.iterdir()):
        data = path.read_bytes()
        found[path.name] = data, read_document(data, Hint())
    return found


def test_a_line_has_the_columns_of_budget_lines() -> None:
    assert set(Line.__struct_fields__) == set(TABLES["budget_lines"].names) - DOCUMENT_KEYS


def test_a_reading_has_every_table_of_documents() -> None:
    of_documents = {table.name for table in TABLES.values() if table.partitioned} - {"documents", "budget_lines"}
    assert of_documents == {f.name for f in fields(Checked)} - {"document", "lines", "beside", "unread_targets"} == set(ROWS)


def test_rows_have_the_columns_of_their_tables_and_no_others(read: dict[str, tuple[bytes, Checked]]) -> None:
    seen = Counter[str]()
    for _, reading in read.values():
        assert set(reading.document) <= set(TABLES["documents"].names) - FACTS - COUNTED
        for name in ROWS:
            table = TABLES[name]
            required = {f.column.name for f in table.fields if not f.nullable} - DOCUMENT_KEYS - {"item"}
            for row in getattr(reading, name):
                assert required <= set(row) <= set(table.names) - DOCUMENT_KEYS - {"item"}, (name, row)
                seen[name] += 1
    assert all(seen[name] for name in ROWS if name not in ("findings", "publisher_errors")), seen  # the samples add up


def test_what_is_read_of_the_samples_is_valid_in_every_table(read: dict[str, tuple[bytes, Checked]]) -> None:
    for name, (data, reading) in read.items():
        facts = SourceFacts(name, hashlib.sha256(data).hexdigest(), len(data), "application/octet-stream")
        frames = document_frames(reading, facts)
        (document,) = frames["documents"].to_dicts()
        assert (document["status"], document["reason"], document["reconciled"]) == ("published", None, True)
        assert frames["budget_lines"].height == len(reading.lines) > 0


def test_tables_come_before_the_narrative(read: dict[str, tuple[bytes, Checked]]) -> None:
    sources = [line.source for line in read["budget_2024.pdf"][1].lines]
    assert sources == sorted(sources, key="table narrative".index)
    assert set(sources) == {"table", "narrative"}


def test_every_number_of_a_table_is_captured_or_counted(read: dict[str, tuple[bytes, Checked]]) -> None:
    for _, reading in read.values():
        in_tables = [line for line in reading.lines if line.source == "table"]
        printed, captured = reading.document["amounts_printed"], reading.document["amounts_captured"]
        assert (captured or 0) == len(in_tables)
        assert (printed is None) == (not reading.document["statements"])
        missing = sum(
            row["frequency"]
            for row in reading.findings
            if row["finding"] == "amount_not_captured" and "Numbers of the table" in row["detail"]
        )
        assert (printed or 0) - (captured or 0) == missing == 0


def test_statements_are_numbered_and_listed_in_order(read: dict[str, tuple[bytes, Checked]]) -> None:
    _, reading = read["budget_2024.pdf"]
    by_number = {line.statement_no: line.statement for line in reading.lines if line.source == "table"}
    listed = reading.document["statements"]
    assert all(listed[number - 1] == kind for number, kind in by_number.items())


def test_the_file_name_decides_nothing(read: dict[str, tuple[bytes, Checked]]) -> None:
    data, reading = read["narrative_2022.txt"]
    other = read_document(data, Hint())
    assert (other.document, other.lines, other.checks) == (reading.document, reading.lines, reading.checks)


def test_a_hint_that_contradicts_the_document_is_a_finding(read: dict[str, tuple[bytes, Checked]]) -> None:
    data, reading = read["narrative_2022.txt"]
    other = read_document(data, Hint(fiscal_year=2013))
    assert other.document["fiscal_year"] == reading.document["fiscal_year"] == 2022
    assert [row["finding"] for row in other.findings if "2013" in row["detail"]] == ["registry_contradiction"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><head><title>404</title></head><body>Not found</body></html>", "Nothing in the document says"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "picture is damaged"),
        (b"%PDF-1.7\ngarbage", "PDF"),
    ],
)
def test_bytes_that_are_no_document_say_what_they_are(data: bytes, reason: str) -> None:
    checked = read_document(data, Hint())
    assert checked.document["status"] == "quarantined" and not checked.lines
    sentence = checked.document["reason"]
    assert reason in sentence
    assert sentence[0].isupper() and sentence.endswith(".") and "\n" not in sentence


@pytest.mark.parametrize(
    "text",
    [
        "今天天气很好。\n我们去公园散步。\n",
        "明月饭店菜单\n红烧肉 38.00\n清炒时蔬 18.00\n合计 56.00\n",
    ],
)
def test_a_text_that_is_no_budget_is_quarantined_and_publishes_nothing(text: str) -> None:
    reading = read_document(text.encode(), Hint())
    assert reading.document["status"] == "quarantined"
    assert reading.document["reason"].endswith(".")
    assert not reading.lines and not reading.checks and not reading.key_figures


def test_sentences_with_amounts_that_are_no_budget_publish_nothing_whatever_a_registry_says() -> None:
    text = "明月饭店营业情况\n一、收支情况说明\n明月饭店2023年收入总计100.00万元，支出总计90.00万元。\n"
    reading = read_document(text.encode(), Hint(fiscal_year=2023, department="明月饭店", kind="budget"))
    assert (reading.document["status"], reading.lines, reading.checks) == ("quarantined", (), ())
    assert "budget or final account" in reading.document["reason"]


def budget_text(year: str) -> bytes:
    return (
        f"清风数据服务中心{year}部门预算情况说明\n\n一、部门预算收支情况\n清风数据服务中心{year}收入预算总计100.00万元，"
        "其中：财政拨款收入90.00万元，事业收入10.00万元。支出预算总计100.00万元，其中：基本支出60.00万元，项目支出40.00万元。\n"
    ).encode()


def test_a_budget_without_a_year_is_quarantined_with_what_is_known() -> None:
    reading = read_document(budget_text(""), Hint())
    assert (reading.document["status"], reading.document["fiscal_year"]) == ("quarantined", 0)
    assert "year" in reading.document["reason"]
    assert reading.document["department"] == "清风数据服务中心"
    assert not reading.lines


def test_a_hint_may_say_the_year_that_the_document_does_not() -> None:
    reading = read_document(budget_text(""), Hint(fiscal_year=2023))
    assert (reading.document["status"], reading.document["fiscal_year"]) == ("published", 2023)


def test_the_same_sentences_with_a_year_are_published() -> None:
    reading = read_document(budget_text("2023年"), Hint())
    assert (reading.document["status"], reading.document["fiscal_year"]) == ("published", 2023)
    assert {str(line.amount) for line in reading.lines} == {"1000000.00", "900000.00", "100000.00", "600000.00", "400000.00"}
    assert reading.document["amounts_printed"] is reading.document["amounts_captured"] is None  # of statement tables, and there is none


def test_a_budget_without_any_amount_is_quarantined() -> None:
    text = "清风数据服务中心2023年部门预算\n一、部门预算收支情况\n二、收入预算情况说明\n三、支出预算情况说明\n详见附表。部门预算公开表。\n"
    reading = read_document(text.encode(), Hint())
    assert reading.document["status"] == "quarantined"
    assert "no amount" in reading.document["reason"]


def test_a_text_dump_keeps_its_encoding_out_of_the_result() -> None:
    text = budget_text("2023年").decode()
    results = [read_document(text.encode(encoding), Hint()) for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030")]
    assert all((r.document, r.lines) == (results[0].document, results[0].lines) for r in results[1:])


# --- pages by hand ---------------------------------------------------------------------------------------------------

HEADER = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
COVER = ("2023年度", "清风数据局部门预算", "一、部门预算收支情况说明")


def read_pages(monkeypatch: pytest.MonkeyPatch, *pages: Page) -> Checked:
    monkeypatch.setattr("pipeline.stages.extraction.read_content", lambda *_: content(page(*COVER), *pages))
    return read_document(b"", Hint())


def test_a_table_whose_unit_nothing_proves_is_held_back_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    proven = page(
        "收入总表", "单位：万元", [["科目编码", "科目名称", "合计"], ["", "合计", "45.00"], ["205", "教育支出", "45.00"]], number=2
    )
    unproven = page(
        "支出总表", [HEADER, ["", "合计", "12868.00", "12868.00", ""], ["205", "教育支出", "12868.00", "12868.00", ""]], number=3
    )
    reading = read_pages(monkeypatch, proven, unproven)
    assert {line.statement for line in reading.lines} == {"revenue_summary"}
    assert (reading.document["amounts_printed"], reading.document["amounts_captured"]) == (6, 2)
    (held,) = [row for row in reading.findings if row["finding"] == "amount_not_captured"]
    assert (held["frequency"], held["page"]) == (4, 3) and "unit" in held["detail"]


def test_a_table_without_a_unit_is_published_where_another_total_proves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    other = page(
        "收入总表", "单位：万元", [["科目编码", "科目名称", "合计"], ["", "合计", "4512.34"], ["205", "教育支出", "4512.34"]], number=2
    )
    table = page("支出总表", [HEADER, ["", "合计", "4512.34", "4512.34", ""], ["205", "教育支出", "4512.34", "4512.34", ""]], number=3)
    reading = read_pages(monkeypatch, other, table)
    assert {(line.statement, str(line.amount)) for line in reading.lines} == {
        ("revenue_summary", "45123400.00"),
        ("expenditure_summary", "45123400.00"),
    }


def test_a_gap_in_a_table_with_unread_numbers_is_an_error_not_a_withheld_item(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [HEADER, ["204", "公共安全支出", "79.00", "60.00", "19.00"], ["20402", "公安", "66.00", "50.00", "16.00"]]
    gap = {c["severity"] for c in read_pages(monkeypatch, page("支出总表", "单位：万元", rows, number=2)).checks if c["outcome"] == "fail"}
    assert gap == {"warning"}
    lost = page("支出总表", "单位：万元", [*rows, ["", "", "13.00", "10.00", "3.00"]], number=2)
    failed = [c for c in read_pages(monkeypatch, lost).checks if c["outcome"] == "fail"]
    assert {c["severity"] for c in failed if c["check_id"] != "C1"} == {"error"}
    assert [(c["expected"] - c["actual"], c["severity"]) for c in failed if c["check_id"] == "C1"] == [(3, "warning")]


def test_a_form_of_targets_alone_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        ["一级指标", "二级指标", "三级指标", "年度指标值"],
        ["产出指标", "数量指标", "监测次数", "四次"],
        ["效益指标", "社会效益指标", "知晓率", "提高"],
    ]
    reading = read_pages(
        monkeypatch, page("一般公共预算项目支出和部门整体绩效目标表", [["部门整体绩效目标", "<", "<", "<"], *rows], number=2)
    )
    assert (reading.document["status"], len(reading.performance_indicators), reading.lines) == ("published", 2, ())


def test_numbers_of_sentences_that_are_in_no_table_count_against_the_grade() -> None:
    said = budget_text("2023年").decode() + "\n二、国有资产占有使用情况\n截至2022年底，共有车辆3辆，其中：观光车1辆；流动资产50.00万元。\n"
    whole, missed = (read_document(text.encode(), Hint()) for text in (budget_text("2023年").decode(), said))
    assert (whole.beside, missed.beside) == (0, 2)
    assert [f["frequency"] for f in missed.findings if f["subject"] == "二、国有资产占有使用情况"] == [2]
