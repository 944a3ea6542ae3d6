"""What is far from the usual is told once, with the lines that print it, and marks these where a body's page shows them."""

from decimal import Decimal

from pipeline.site.pages.outliers import outliers_of
from pipeline.site.pages.references import References, mark_of

LINE = {
    **{"document_id": "a", "statement": "expenditure_summary", "statement_no": 3, "row": 5, "column": 2, "flow": "expenditure"},
    **{"code": "201", "fund": "total", "nature": "total", "measure": "budget", "page": 7, "name": "x", "amount": Decimal(5)},
    **{"contradictions": 0, "amount_evidence": "printed", "column_evidence": "printed", "source": "table", "proofs": 2},
}
FAR = {
    **{name: LINE[name] for name in ("document_id", "statement", "flow", "code", "fund", "nature", "measure", "page", "name", "amount")},
    **{"scheme": "function", "compared_with": "peers", "typical": Decimal("60000"), "bodies": 9, "other_year": None},
}


def test_one_amount_of_several_statements_is_one_thing() -> None:
    again = {**FAR, "statement": "general_public_by_function", "page": 9, "bodies": 12, "typical": Decimal(50000)}
    lines = [
        LINE,
        {**LINE, "statement": "general_public_by_function", "statement_no": 4, "page": 9},
        {**LINE, "row": 6, "amount": Decimal(6)},
    ]
    (told,) = outliers_of([FAR, again], lines)
    assert (told["of"], told["bodies"], told["times"]) == (2, 12, 10_000)
    assert (told["amount"], told["typical"]) == (500, 5_000_000)
    assert told["lines"] == [(3, 5, 2), (4, 5, 2)]


def test_the_farthest_is_told_first_and_of_nothing_no_factor() -> None:
    near, nothing = {**FAR, "name": "y", "typical": Decimal(6000)}, {**FAR, "name": "z", "typical": Decimal(0)}
    assert [(one["name"], one["times"], one["lines"]) for one in outliers_of([nothing, near, FAR], [])] == [
        *(("x", 12_000, []), ("y", 1200, []), ("z", 0, []))
    ]


def test_a_line_that_is_far_is_marked_unless_something_contradicts_it() -> None:
    references = References.of(["a"], [LINE], [], far={("a", 3, 5, 2)})
    assert references.to(LINE)[-1] == "f"
    assert references.to({**LINE, "row": 6})[-1] == ""
    assert mark_of({**LINE, "contradictions": 1}, far=True) == "!"
