"""What the files of a site say is what the dataset says: amounts, where they are printed, what proves them."""

import json
import weakref
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline.site.files import put_in_page
from pipeline.site.pages.departments import by_body, units_of
from pipeline.site.pages.references import References
from pipeline.site.tables import Tables, fen, in_64_bits, in_fen
from pipeline.site.writer import COMPARED, NotASite, Written, write_site
from schemas.marts import BY_FUNCTION
from schemas.tables import BUDGET_LINES, Table
from tests.pipeline.site.made import make_dataset, whole_pages


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def departments(site: Path) -> list[Any]:
    return whole_pages(site)


def lines_of(site: Path, document: str) -> dict[tuple[int, int, int], int]:
    frame = pl.read_parquet(site / "data" / "lines" / f"{document}.parquet")
    return {(s, r, c): amount for s, r, c, amount in frame.select("statement_no", "row", "column", "amount").iter_rows()}


def test_every_document_and_body_has_its_files(made: Path, site: Path, written: Written) -> None:
    with duckdb.connect(str(made / "dataset.duckdb"), read_only=True) as sql:
        documents = {row[0] for row in sql.execute("SELECT document_id FROM documents WHERE status = 'published'").fetchall()}
        bodies = {row[0] for row in sql.execute("SELECT DISTINCT department_id FROM department_profile").fetchall()}
    for folder, ending, names in (("documents", "json", documents), ("lines", "parquet", documents), ("identities", "parquet", documents)):
        assert {path.name for path in (site / "data" / folder).iterdir()} == {f"{name}.{ending}" for name in names}
    assert {path.stem for path in (site / "data" / "departments").iterdir()} == bodies
    assert (written.bodies, written.documents) == (len(bodies), len(documents))
    assert (site / "index.html").is_file()


def test_amounts_of_marts_are_whole_fen(made: Path, site: Path) -> None:
    with duckdb.connect(str(made / "dataset.duckdb"), read_only=True) as sql:
        for table in COMPARED:
            money = [field.name for field in table.fields if field.column.unit == "CNY"]
            own = pl.concat([pl.read_parquet(path) for path in (site / "data" / "marts" / table.name).rglob("*.parquet")])
            assert all(own.schema[name] == pl.Int64 for name in money)
            for name in money:
                (said,) = sql.execute(f"SELECT sum({name}) FROM {table.name}").fetchone() or (None,)
                assert (own[name].sum() or 0) == (said or 0) * 100


def test_references_lead_to_lines_that_add_up_to_the_amount(site: Path) -> None:
    tried = 0
    for body in departments(site):
        lines = [lines_of(site, document["document_id"]) for document in body["documents"]]
        for one in body["disclosures"]:
            rows = [*one["function"], *one["economic"], *one["revenue"], *([one["three_public"]] if one["three_public"] else [])]
            found = [(row["amounts"][column], places) for row in rows for column, places in row["lines"].items()]
            found += [(amount, places) for amount, _, places, _ in one["totals"].values() if places]
            for amount, places in found:
                assert sum(lines[n][s, r, c] for n, s, r, c, *_ in places) == amount
                tried += 1
    assert tried > 300


def test_nearly_every_amount_of_a_mart_has_a_reference(site: Path) -> None:
    rows = [row for body in departments(site) for one in body["disclosures"] for row in (*one["function"], *one["economic"])]
    amounts = sum(len(row["amounts"]) for row in rows)
    assert sum(len(row["lines"]) for row in rows) > 0.98 * amounts


def test_identities_hold_with_the_lines_they_name(site: Path) -> None:
    tried = 0
    for path in (site / "data" / "identities").iterdir():
        amounts = pl.read_parquet(site / "data" / "lines" / path.name)["amount"].to_list()
        for row in pl.read_parquet(path).iter_rows(named=True):
            actual, expected = (sum(amounts[n] for n in row[side]) for side in ("whole", "parts"))
            assert (actual, expected) == (row["actual"], row["expected"])
            within = abs(actual - expected) <= Decimal(row["tolerance"]) * 100 or (row["at_least"] and actual >= expected)
            assert row["outcome"] == ("pass" if within else row["outcome"])
            tried += 1
    assert tried > 500


def test_proofs_of_a_line_are_not_more_than_the_identities_it_is_in(site: Path) -> None:
    for path in (site / "data" / "identities").iterdir():
        lines = pl.read_parquet(site / "data" / "lines" / path.name)
        held = pl.read_parquet(path).filter((pl.col("outcome") == "pass") & ~pl.col("at_least"))
        counted = [0] * lines.height
        for row in held.iter_rows(named=True):
            for n in {*row["whole"], *row["parts"]}:
                counted[n] += 1
        assert all(proofs <= number for proofs, number in zip(lines["proofs"], counted, strict=True))


def test_the_start_counts_what_the_dataset_has(made: Path, site: Path) -> None:
    start = read(site / "data" / "overview.json")
    with duckdb.connect(str(made / "dataset.duckdb"), read_only=True) as sql:
        (documents, published) = sql.execute("SELECT count(*), count(*) FILTER (WHERE status = 'published') FROM documents").fetchone() or (
            0,
            0,
        )
        (lines,) = sql.execute("SELECT count(*) FROM budget_lines").fetchone() or (0,)
    assert (start["counts"]["documents"], start["counts"]["published"], start["counts"]["lines"]) == (documents, published, lines)
    assert sum(start["grades"].values()) == published
    assert sum(one["documents"] for one in start["provinces"]) == published
    partitions = read(site / "data" / "partitions.json")
    assert sum(dict(zip(partitions["columns"], row, strict=True))["documents"] for row in partitions["rows"]) == documents
    assert 0 not in start["years"]


def test_the_page_has_what_the_start_shows(site: Path) -> None:
    held = (site / "index.html").read_text(encoding="utf-8").split('id="overview">')[1].split("</script>")[0]
    assert json.loads(held) == read(site / "data" / "overview.json")


def test_no_text_ends_the_element_that_it_stands_in(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text('<script type="application/json" id="told"></script>', encoding="utf-8")
    put_in_page(page, "told", {"name": "</script><!--<script>"})
    assert page.read_text(encoding="utf-8").count("<") == 2
    with pytest.raises(ValueError, match="no empty element for told"):
        put_in_page(page, "told", {})


def test_what_could_not_be_read_is_told_with_its_reason(site: Path) -> None:
    rows = [row for path in (site / "data" / "quality").rglob("*.json") for row in read(path)["documents"]]
    told = [(row["file_name"], row["reason"]) for row in rows if row["status"] != "published"]
    assert told == [("empty.pdf", ["文件是空的。", "The file is empty."])]


def test_the_body_of_two_years_is_one_page(site: Path) -> None:
    (body,) = [body for body in departments(site) if len(body["disclosures"]) > 1]
    told = [(one["fiscal_year"], one["kind"]) for one in body["disclosures"]]
    assert told == [(2025, "budget"), (2025, "final_account"), (2024, "budget")]
    assert body["disclosures"][1]["budget_vs_final"]


def test_the_same_dataset_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    one, two = (write_site(made, tmp_path / name).folder for name in "ab")
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(two) for path in two.rglob("*") if path.is_file())
    assert all((one / path).read_bytes() == (two / path).read_bytes() for path in files)


def test_a_folder_with_other_files_is_left_alone(made: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(NotASite, match="holds other files"):
        write_site(made, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_older_site_is_replaced_as_a_whole(made: Path, tmp_path: Path) -> None:
    out = write_site(made, tmp_path / "site").folder
    (out / "data" / "lines" / "gone.parquet").write_bytes(b"")
    write_site(made, out)
    assert not (out / "data" / "lines" / "gone.parquet").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_table_is_let_go_once_it_is_parted_by_body(made: Path) -> None:
    """Nothing of one table is held while the next is read, and of lines only what pages show: bodies of many provinces take no more."""
    tables = Tables(made)
    lent: list[weakref.ref[pl.DataFrame]] = []

    def read(table: Table, columns: Sequence[str] | None = None) -> pl.DataFrame:
        assert not [frame for held in lent if (frame := held()) is not None], table.name
        assert columns is not None or table is not BUDGET_LINES
        frame = tables.read(table, columns=columns)
        lent.append(weakref.ref(frame))
        return frame

    assert {own for own, _ in by_body(read)} and len(lent) > 10


def test_a_unit_that_a_page_prints_in_several_columns_is_one_row() -> None:
    def line(row: int, column: int, amount: int) -> dict[str, Any]:
        given = {"document_id": "a", "statement_no": 1, "statement": "expenditure_by_unit", "source": "table", "flow": "expenditure"}
        given |= {"scheme": "unit", "measure": "budget", "fund": "total", "nature": "total", "level": 1, "page": 3, "name": "某中心"}
        proven = {"amount_evidence": "printed", "column_evidence": "printed", "proofs": 1, "contradictions": 0}
        return {**given, **proven, "row": row, "column": column, "amount": Decimal(amount)}

    lines = [line(1, 1, 5), line(1, 2, 5), line(2, 1, 7)]
    shown = units_of(lines, References.of(["a"], lines, ()))
    assert ([row["amount"] for row in shown["rows"]], shown["number"]) == ([700, 500], 2)


def test_an_amount_too_large_for_numbers_of_json_is_text() -> None:
    assert fen(Decimal("12.34")) == 1234
    assert fen(Decimal("99999999999999.99")) == "9999999999999999"
    assert fen(None) is None
    assert in_64_bits(Decimal("-1.05")) == -105
    assert in_64_bits(Decimal(10) ** 20) is None
    exact = in_fen(pl.DataFrame({"amount": [Decimal("9999999999999999.99")]}, schema={"amount": pl.Decimal(18, 2)}))
    assert exact["amount"].to_list() == [999999999999999999]


def test_an_amount_whose_lines_do_not_add_up_has_no_reference() -> None:
    line = {
        **{"document_id": "a", "statement_no": 1, "column": 2, "flow": "expenditure", "nature": "total", "measure": "budget"},
        **{"code": "201", "name": "x", "standard_name": None, "unit": None, "fund": "total", "page": 3, "proofs": 1, "level": 3},
        **{"contradictions": 0, "amount_evidence": "printed", "column_evidence": "printed", "source": "table", "scheme": "function"},
    }
    lines = [{**line, "row": 1, "amount": Decimal(5)}, {**line, "row": 2, "amount": Decimal(7)}]
    covered = {"disclosure_id": "d", "figure": "expenditure", "measure": "budget", "document_id": "a", "statement_no": 1, "page": 3}
    references = References.of(["a"], lines, [{**covered, "outcome": "complete", "source": "table"}])
    row = {"code": "201", "name": "x"}
    assert [place[2] for place in references.of_row("d", BY_FUNCTION[0], "total", "budget", row, Decimal(12))] == [1, 2]
    assert [place[2] for place in references.of_row("d", BY_FUNCTION[0], "total", "budget", row, Decimal(7))] == [2]
    assert references.of_row("d", BY_FUNCTION[0], "total", "budget", row, Decimal(11)) == []


def test_an_empty_dataset_has_a_site(tmp_path: Path) -> None:
    tables = {name: frame.clear() for name, frame in _tables().items()}
    written = write_site(make_dataset(tmp_path / "dataset", tables=tables), tmp_path / "site")
    assert (written.bodies, written.documents) == (0, 0)
    assert read(tmp_path / "site" / "data" / "overview.json")["years"] == []


def _tables() -> dict[str, pl.DataFrame]:
    from schemas.export import empty_frame
    from schemas.tables import PARTITIONED

    return {table.name: empty_frame(table) for table in PARTITIONED}


def test_a_partition_is_read_alone(made: Path) -> None:
    from schemas.tables import DOCUMENTS

    tables = Tables(made)
    whole = tables.read(DOCUMENTS)
    assert sum(tables.read(DOCUMENTS, province=province, year=year).height for year, province in tables.partitions) == whole.height
    for columns in (["fiscal_year", "province"], ["sha256", "province"], ["lines"]):
        assert tables.read(DOCUMENTS, columns=columns).equals(whole.select(columns))
