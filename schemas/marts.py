"""The marts: wide tables that answer the usual questions without knowledge of the model, declared like every other table.

Belongs here: which rows, funds and natures make each amount of a mart, and the columns that follow from it. Which statements
print it is declared with them (`schemas.statements`); how the amounts are chosen and held against the printed totals is in
`pipeline/publish/marts/wide_tables.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from schemas import columns as c
from schemas.columns import MONEY, Column
from schemas.statements import statement_kinds
from schemas.tables import TABLES, Field, Table

MEASURES: Mapping[str, str] = {"budget": "budgeted", "final": "accounted for"}
"""The two versions of an amount that marts have: columns end in their names."""


@dataclass(frozen=True, slots=True)
class MartAmount:
    """An amount that one statement of a document gives, in the rows that add up to it.

    Attributes:
        name: its own, also the stem of its columns.
        meaning: what it is, for people.
        scheme, flow: of its rows.
        funds: of its column; empty: every row has its own.
        natures: column stem and nature; the first is the whole, which is held against the printed total.
        key_figure: the key figure of the narrative that states it.
        repeated_as: nature under which statements of all spending repeat it in a column of their own.
    """

    name: str
    meaning: str
    scheme: str
    flow: str = "expenditure"
    funds: tuple[str, ...] = ()
    natures: Mapping[str, str] = field(default_factory=dict, hash=False)
    key_figure: str | None = None
    repeated_as: str | None = None

    @property
    def statements(self) -> tuple[str, ...]:
        """The statements that print it, the most detailed first."""
        return statement_kinds().printing(self.name)

    @property
    def columns(self) -> dict[str, tuple[str, str]]:
        """Per column its nature and measure."""
        return {f"{stem}_{measure}": (nature, measure) for measure in MEASURES for stem, nature in self.natures.items()}


BY_FUNCTION = (
    MartAmount(
        "expenditure",
        "spending from all funds",
        "function",
        funds=("total",),
        natures={"expenditure": "total", "expenditure_basic": "basic", "expenditure_project": "project"},
    ),
    MartAmount(
        "general_public",
        "spending from the general public budget, 一般公共预算",
        "function",
        funds=("general_public",),
        natures={"general_public": "total", "general_public_basic": "basic", "general_public_project": "project"},
    ),
    MartAmount(
        "government_fund",
        "spending from government funds, 政府性基金",
        "function",
        funds=("government_fund",),
        natures={"government_fund": "total"},
    ),
    MartAmount(
        "state_capital",
        "spending from the state capital operating budget, 国有资本经营预算",
        "function",
        funds=("state_capital",),
        natures={"state_capital": "total"},
    ),
)
BY_ECONOMIC = (
    MartAmount(
        "general_public_basic",
        "basic spending from the general public budget, 一般公共预算基本支出",
        "department_economic",
        funds=("general_public",),
        natures={"basic": "basic", "basic_personnel": "basic_personnel", "basic_operating": "basic_operating"},
    ),
    MartAmount(
        "general_public_economic",
        "all spending from the general public budget by economic code",
        "department_economic",
        funds=("general_public",),
        natures={"general_public": "total"},
    ),
    MartAmount(
        "fiscal_appropriation_basic",
        "basic spending from fiscal appropriation, 财政拨款基本支出",
        "department_economic",
        funds=("fiscal_appropriation",),
        natures={"fiscal_appropriation_basic": "basic"},
    ),
)
BY_SOURCE = (
    MartAmount(
        "revenue",
        "revenue from all sources",
        "revenue_item",
        flow="revenue",
        natures={"revenue": "total"},
    ),
)
THREE_PUBLIC = MartAmount("three_public", "“三公”经费: abroad + reception + vehicles", "three_public", natures={"three_public": "total"})
THREE_PUBLIC_PARTS: Mapping[str, str] = {
    code: c.THREE_PUBLIC_CODES[code]
    for code in ("total", "abroad", "reception", "vehicles", "vehicle_purchase", "vehicle_operation", "conference", "training")
}
FIGURES: tuple[MartAmount, ...] = (*BY_FUNCTION, *BY_ECONOMIC, *BY_SOURCE, THREE_PUBLIC)
"""What marts have row by row."""

PROCUREMENT_TOTAL = MartAmount(
    "procurement",
    "government procurement, 政府采购",
    "procurement_item",
    natures={"procurement": "total"},
    key_figure="procurement_total",
    repeated_as="of_which_procurement",
)
AGENCY_OPERATING_TOTAL = MartAmount(
    "agency_operating",
    "operating expenses of the agency, 机关运行经费",
    "department_economic",
    natures={"agency_operating": "total"},
    key_figure="agency_operating_expenditure",
)
TOTALS_ONLY: tuple[MartAmount, ...] = (PROCUREMENT_TOTAL, AGENCY_OPERATING_TOTAL)
"""What the profile has as a total."""

WHOLE = "expenditure"
"""The figure that comprises all others but revenue."""

PROJECTS_LISTED = "projects"
"""Projects one by one, held against the printed project spending."""

SOURCES: Mapping[str, str] = {
    "table": "the table of this figure",
    "summary": "another table that prints it beside others",
    "other_table": "a table of all spending that repeats it",
    "narrative": "a sentence; no table prints it",
    "rows": "nothing prints it: the sum of the rows",
    "empty_table": "the table of this figure, printed without amounts: zero",
}
"""Where a total is taken from, the best first."""

OUTCOMES: Mapping[str, str] = {
    "complete": "the rows add up to the printed total; the marts have them",
    "incomplete": "the rows add up to less than the printed total; the marts have the rows",
    "no_total": "no total is printed, or none that nothing contradicts; the marts have the rows",
    "total_only": "a total is printed and no rows; department_profile has it",
    "exceeds_total": "the rows add up to more than the printed total; the marts have none of them",
    "contradicted": "held back: what the documents print of it differs, and nothing decides",
    "exceeds_whole": "held back: it is more than all spending of the body",
    "exceeds_department": "held back: the unit has more than the department that comprises it",
    "other_scale": "held back: it differs by a factor of a thousand or more from what prose, another table or last year's document says",
    "other_document": "another document of the same department and year stands in the marts",
    "part_of_department": "the department's document, which comprises this unit, stands in the marts",
    "perhaps_part_of_department": "a unit of an unknown department, in a region of which the marts have departments",
    "no_department": "the department is unknown",
    "no_statement": "the document prints no rows or total of any figure of the marts",
}
"""What became of an amount on its way into the marts."""

CODE_OF_MART = Column("code", pl.String, "Code of the classification, the finest that adds up; null where it is unresolved.")
NAME_OF_MART = Column("name", pl.String, "Name of the code in the code list of that year, else as printed.")
CLASS_CODE = Column("class_code", pl.String, "Code of the 类 that the row belongs to.")
CLASS_NAME = Column("class_name", pl.String, "Name of the 类 in the code list of that year.")
BUDGET_DOCUMENT = Column("budget_document_id", pl.String, "`document_id` of the document that the budgeted amounts are from.")
FINAL_DOCUMENT = Column("final_document_id", pl.String, "`document_id` of the document that the amounts accounted for are from.")
REGION_NAME = Column("region_name", pl.String, "Name of the administrative division.")
LEVEL = Column("level", pl.String, "Whose amounts they are.", values=c.DOCUMENT_LEVEL.values)
SOURCE_FUND = Column("fund", pl.String, "Where the money comes from, the finest that adds up.", values=c.FUNDS)
SCOPE = Column(
    "figure",
    pl.String,
    "Which amounts are compared: the widest of which the department's budget and final account are both known.",
    values={
        "expenditure": "spending from all funds",
        "general_public": "spending from the general public budget",
        "fiscal_appropriation": "spending from fiscal appropriation, 财政拨款",
    },
)
BUDGET_SOURCE = Column(
    "budget_source",
    pl.String,
    "Which disclosure states the budget.",
    values={
        "budget": "the body's budget of that year",
        "final_account": "the final account, which repeats it code by code; the marts have no budget of the body to compare",
    },
)
BUDGET = Column("budget", MONEY, "The budget of the year; blank is zero.", unit="CNY")
FINAL = Column("final", MONEY, "The final account of the year; blank is zero.", unit="CNY")
DIFFERENCE = Column("difference", MONEY, "final − budget.", unit="CNY")
EXECUTION_PCT = Column(
    "execution_pct",
    pl.Decimal(12, 4),
    "final in percent of budget; null where nothing was budgeted, or less than a millionth of it.",
    unit="percent",
)
DOCUMENT_COUNT = Column("documents", pl.Int32, "Published documents of the department and year.")
RECONCILED = Column("reconciled", pl.Boolean, "Whether the document of the budgeted amounts (else of those accounted for) is reconciled.")
BUDGET_UNITS = Column("budget_units", pl.Int32, "Number of budget units that the narrative states, 预算单位数.")
FIGURE = Column(
    "figure",
    pl.String,
    "The amount that is meant.",
    values={
        **{f.name: f.meaning for f in (*FIGURES, *TOTALS_ONLY)},
        PROJECTS_LISTED: "the projects of the mart `project_spending`",
        "none": "no amount at all",
    },
)
TOTAL_SOURCE = Column("source", pl.String, "Where the total is taken from.", values=SOURCES)
TOTAL_STATEMENT = Column("total_statement", pl.String, "The statement that the total is taken from; `page` is in it.", values=c.STATEMENTS)
TOTAL_DOCUMENT = Column("total_document_id", pl.String, "`document_id` of the file that the total is taken from.")
COVERAGE_REASON = Column("reason", pl.String, "Why it is held back, or what else is printed of it; null where nothing says otherwise.")
STANDING = Column(
    "standing",
    pl.String,
    "Whether its amounts may be added to those of other rows. Rankings of departments leave out what is comprised elsewhere.",
    values={
        "counted": "nothing else in the dataset comprises it",
        "part_of_department": "the department's disclosure, which comprises this unit, is in the dataset",
        "perhaps_part_of_department": "a unit of an unknown department, in a region of which the dataset has departments",
    },
)
DOUBTS = Column(
    "doubts",
    pl.Int32,
    "Number of open doubts: checks of its documents that fail with severity error or between files, totals held back, and totals of which "
    "something else is printed.",
)
DISCLOSED_DOCUMENTS = Column("documents", pl.List(pl.String), "`document_id` of its files, that of the tables first.")
DISCLOSED_STATEMENTS = Column("statements", pl.List(pl.String), "Statements that any of them prints.", values=c.STATEMENTS)
TAKEN_FROM = Column("taken_from", pl.List(pl.String), "`document_id` of the file that each of `statements` is taken from, in their order.")
DISCLOSURE_GRADE = Column("grade", pl.String, "The worst grade of the files that a statement is taken from.", values=c.GRADE.values)
DISCLOSURE_RECONCILED = Column(
    "reconciled", pl.Boolean, "Whether each of these files that can be is reconciled; null where no identity applies to any."
)
FILE_CONTRADICTIONS = Column("contradictions", pl.Int32, "Totals that another of its files prints otherwise: checks `D1` that fail.")
MEASURE = Column("measure", pl.String, "Which version of it.", values={m: c.MEASURES[m] for m in MEASURES})
OUTCOME = Column("outcome", pl.String, "What became of it on the way into the marts.", values=OUTCOMES)
MART_STATEMENT = Column("statement", pl.String, "The statement that prints it.", values=c.STATEMENTS)
MART_STATEMENT_NO = Column("statement_no", pl.Int16, "Number of the printed table in document order; 0 for the narrative.")
ROWS_ADDED = Column("rows", pl.Int32, "Number of rows that were added up.")
SUM = Column("amount", MONEY, "Sum of these rows.", unit="CNY")
PRINTED_TOTAL = Column("printed_total", MONEY, "Total that the statement prints; of several the one nearest to the sum.", unit="CNY")
TOTAL_DIFFERENCE = Column("difference", MONEY, "printed_total − amount: rounding, or what the publisher withholds.", unit="CNY")


CATEGORY = Column(
    "category",
    pl.String,
    "What is bought, by the letter of its catalogue code or the word that names it.",
    values={"goods": "货物", "works": "工程", "services": "服务"},
)
MART_ITEM = Column("item", pl.Int32, "Number of the row within its disclosure.")
PROJECT_SOURCE = Column(
    "source",
    pl.String,
    "Which list of projects the row is from: the table, unless it exceeds the printed project spending; else the descriptions.",
    values={"table": "the table of project spending, 项目支出表", "description": "forms, lists and sentences that describe projects"},
)
AMOUNT_NOW = Column("amount", MONEY, "This year's amount of it, where the document states one.", unit="CNY")
AMOUNT_BEFORE = Column("before", MONEY, "The amount of the year before that follows: amount − change_amount.", unit="CNY")
TOTAL_BEFORE = Column("total_before", MONEY, "The total of the year before, as this disclosure states it.", unit="CNY")
BEFORE_SOURCE = Column(
    "before_source",
    pl.String,
    "Where `total_before` is from.",
    values={"table": "printed in a column of the year before", "narrative": "this year's total less the change that a sentence states"},
)
BEFORE_BASIS = Column("before_basis", pl.String, "What of the year before it is.", values=c.CHANGE_BASIS.values)
THREE_PUBLIC_REASON = Column("change_reason", pl.String, "Why it changed, as a sentence says.")
BASIC_SPLIT_SOURCE: Mapping[str, str] = {
    "table": "totals that the table prints of its columns 人员经费 and 公用经费",
    "rows": "sums of the rows of these columns, of which no total is printed",
    "classes": "classes 301 and 303, and all others: no such columns are printed, or they do not add up. Many places count parts of 302 "
    "as personnel",
}
"""Where personnel and operating spending are from, the best first."""

COUNTS: Mapping[str, str] = {
    "budget_units": "预算单位",
    "administrative_units": "行政单位",
    "public_institutions": "事业单位",
    "vehicles_owned": "共有车辆",
    "vehicles_to_purchase": "拟购置车辆",
    "equipment_over_200k_owned": "单价20万元以上设备",
    "equipment_over_500k_owned": "单价50万元以上设备",
    "equipment_over_1m_owned": "单价100万元以上设备",
    "equipment_over_1m_to_purchase": "拟购置单价100万元以上设备",
    "buildings_owned": "房屋面积（平方米）",
    "projects_with_targets": "编报绩效目标的项目",
}
"""What is counted, by its column."""


def _money(stem: str, meaning: str) -> tuple[Column, ...]:
    return tuple(Column(f"{stem}_{measure}", MONEY, f"{meaning}, {said}.", unit="CNY") for measure, said in MEASURES.items())


def _source(stem: str, measure: str) -> Column:
    return Column(f"{stem}_{measure}_source", pl.String, f"Where `{stem}_{measure}` is taken from.", values=SOURCES)


def _amounts(figures: tuple[MartAmount, ...]) -> tuple[Column, ...]:
    natures = {**c.NATURES, "total": ""}
    return tuple(
        column
        for figure in figures
        for stem, nature in figure.natures.items()
        for column in _money(stem, figure.meaning + (f": {natures[nature]}" if natures[nature] else ""))
    )


def _fields(*columns: Column, required: tuple[str, ...] = ()) -> tuple[Field, ...]:
    return tuple(Field(column, nullable=column.name not in required) for column in columns)


_WHERE = _fields(
    c.FISCAL_YEAR, c.PROVINCE, c.REGION_CODE, REGION_NAME, c.DEPARTMENT, LEVEL, required=("fiscal_year", "province", "department")
)
_DOCUMENTS = _fields(BUDGET_DOCUMENT, FINAL_DOCUMENT, c.DISCLOSURE_ID, required=("disclosure_id",))
_DISCLOSURE = ("disclosure_id",)
_CODED = (*_DISCLOSURE, "code", "name")
_PROMISE = "One row per disclosure and {row}; no amount stands in two rows of a column, so that every sum over rows is right."

DISCLOSURES = Table(
    name="disclosures",
    description="What a body published of a year, in one file or several: which files, and which of them each statement is taken from.",
    fields=_fields(
        c.DISCLOSURE_ID,
        c.FISCAL_YEAR,
        c.PROVINCE,
        c.REGION_CODE,
        c.DEPARTMENT_ID,
        c.DEPARTMENT,
        LEVEL,
        c.DOCUMENT_KIND,
        DISCLOSED_DOCUMENTS,
        DISCLOSED_STATEMENTS,
        DISCLOSURE_GRADE,
        DISCLOSURE_RECONCILED,
        TAKEN_FROM,
        FILE_CONTRADICTIONS,
        required=(
            *("disclosure_id", "fiscal_year", "province", "department_id", "department"),
            *("documents", "statements", "taken_from", "contradictions"),
        ),
    ),
    key=_DISCLOSURE,
)

SPENDING_BY_FUNCTION = Table(
    name="spending_by_function",
    description=_PROMISE.format(row="function code"),
    fields=(
        *_WHERE,
        *_fields(CLASS_CODE, CLASS_NAME, CODE_OF_MART, NAME_OF_MART, *_amounts(BY_FUNCTION), required=("name",)),
        *_DOCUMENTS,
    ),
    key=_CODED,
)
SPENDING_BY_ECONOMIC = Table(
    name="spending_by_economic",
    description=_PROMISE.format(row="departmental economic code"),
    fields=(
        *_WHERE,
        *_fields(CLASS_CODE, CLASS_NAME, CODE_OF_MART, NAME_OF_MART, *_amounts(BY_ECONOMIC), required=("name",)),
        *_DOCUMENTS,
    ),
    key=_CODED,
)
REVENUE_BY_SOURCE = Table(
    name="revenue_by_source",
    description=_PROMISE.format(row="source of money"),
    fields=(*_WHERE, *_fields(SOURCE_FUND, *_amounts(BY_SOURCE), required=("fund",)), *_DOCUMENTS),
    key=(*_DISCLOSURE, "fund"),
)
THREE_PUBLIC_MART = Table(
    name="three_public",
    description="“三公”经费, one row per disclosure: total contains abroad, reception, vehicles; vehicles purchase, operation.",
    fields=(
        *_WHERE,
        *_fields(*(column for code, meaning in THREE_PUBLIC_PARTS.items() for column in _money(code, meaning))),
        *_DOCUMENTS,
        *_fields(TOTAL_BEFORE, BEFORE_SOURCE, BEFORE_BASIS, THREE_PUBLIC_REASON),
    ),
    key=_DISCLOSURE,
)
BUDGET_VS_FINAL = Table(
    name="budget_vs_final",
    description="Budget and final account side by side, for departments and years of which both are known: one row per function code.",
    fields=(
        *_WHERE,
        *_fields(SCOPE, CLASS_CODE, CLASS_NAME, CODE_OF_MART, NAME_OF_MART, required=("figure", "name")),
        *_fields(BUDGET, FINAL, DIFFERENCE, EXECUTION_PCT, required=("budget", "final", "difference")),
        *_DOCUMENTS,
        *_fields(BUDGET_SOURCE, required=("budget_source",)),
    ),
    key=_CODED,
)
PROFILE_TOTALS: tuple[MartAmount, ...] = (*BY_SOURCE, *BY_FUNCTION, THREE_PUBLIC, *TOTALS_ONLY)
"""The figures that the profile has, each with its source."""

GRAND_TOTAL = "grand_total"
"""Stem of the columns with the largest total that a disclosure prints of all spending."""

BASIC_SPLIT: Mapping[str, str] = {
    "basic_general_public": "basic spending from the general public budget, 一般公共预算基本支出",
    "basic_personnel": "of this 人员经费",
    "basic_operating": "of this 公用经费",
}
"""Personnel and operating spending in one shape, whatever the place prints."""

DEPARTMENT_PROFILE = Table(
    name="department_profile",
    description="One row per disclosure with its totals as printed, and where each is printed. Rows with `standing` counted may be added.",
    fields=(
        *_WHERE,
        *_fields(*(column for figure in (*BY_SOURCE, *BY_FUNCTION) for column in _money(figure.name, figure.meaning))),
        *_fields(*_money("expenditure_basic", "基本支出, all funds"), *_money("expenditure_project", "项目支出, all funds")),
        *_fields(*_money(THREE_PUBLIC.name, THREE_PUBLIC.meaning)),
        *_fields(*(_money(figure.name, figure.meaning)[0] for figure in reversed(TOTALS_ONLY)), BUDGET_UNITS),
        *_fields(DOCUMENT_COUNT, RECONCILED, required=("documents",)),
        *_DOCUMENTS,
        *_fields(c.DEPARTMENT_ID, c.DOCUMENT_KIND, DISCLOSURE_GRADE, STANDING, DOUBTS, required=("department_id", "standing", "doubts")),
        *_fields(
            *_money(GRAND_TOTAL, "支出总计, spending with what is carried forward: the largest total of all spending that is printed")
        ),
        *_fields(*(_money(figure.name, figure.meaning)[1] for figure in TOTALS_ONLY)),
        *_fields(*(_source(figure.name, measure) for figure in PROFILE_TOTALS for measure in MEASURES)),
        *_fields(c.SOURCE_URL),
        *_fields(*(column for stem, meaning in BASIC_SPLIT.items() for column in _money(stem, meaning))),
        *_fields(
            *(
                Column(f"basic_split_{m}_source", pl.String, f"Where the `basic_…_{m}` are from.", values=BASIC_SPLIT_SOURCE)
                for m in MEASURES
            )
        ),
    ),
    key=_DISCLOSURE,
)
MART_COVERAGE = Table(
    name="mart_coverage",
    description="What each published document gives to the marts, held against its printed totals; and why it gives nothing.",
    fields=(
        *_fields(
            c.DOCUMENT_ID, c.FISCAL_YEAR, c.PROVINCE, c.REGION_CODE, c.DEPARTMENT, required=("document_id", "fiscal_year", "province")
        ),
        *_fields(FIGURE, MEASURE, OUTCOME, MART_STATEMENT, MART_STATEMENT_NO, required=("figure", "measure", "outcome")),
        *_fields(ROWS_ADDED, SUM, PRINTED_TOTAL, TOTAL_DIFFERENCE),
        *_fields(c.DISCLOSURE_ID, TOTAL_SOURCE, c.PAGE, COVERAGE_REASON, TOTAL_STATEMENT, TOTAL_DOCUMENT),
    ),
    key=("document_id", "figure", "measure"),
)

_WHOSE = (
    *_WHERE,
    *_fields(
        c.DEPARTMENT_ID,
        c.DOCUMENT_KIND,
        STANDING,
        DISCLOSURE_GRADE,
        DOUBTS,
        c.DISCLOSURE_ID,
        required=("department_id", "standing", "doubts", "disclosure_id"),
    ),
)
"""Whose a row is, and how far to trust it."""

_PRINTED = _fields(c.DOCUMENT_ID, c.PAGE, c.SOURCE_URL, required=("document_id",))
_ITEM_KEY = (*_DISCLOSURE, "item")

PROCUREMENT_MART = Table(
    name="procurement",
    description="What is bought, one row per purchase; the rows of a disclosure add up to at most its printed total.",
    fields=(
        *_WHOSE,
        *_fields(MART_ITEM, c.NAME, c.CATALOGUE_CODE, CATEGORY, c.ROW_PROJECT, c.BUDGET_UNIT, required=("item", "name")),
        *_fields(c.FUNCTION_CODE, c.DEPARTMENT_ECONOMIC_CODE, MEASURE, c.AMOUNT, required=("measure", "amount")),
        *_PRINTED,
        *_fields(c.CELL),
    ),
    key=_ITEM_KEY,
)
PROJECT_SPENDING = Table(
    name="project_spending",
    description="Projects with their amounts, one row per project; those of a disclosure add up to at most its printed project spending.",
    fields=(
        *_WHOSE,
        *_fields(
            MART_ITEM,
            c.PROJECT,
            c.BUDGET_UNIT,
            MEASURE,
            c.AMOUNT,
            PROJECT_SOURCE,
            required=("item", "project", "measure", "amount", "source"),
        ),
        *_fields(c.IMPLEMENTER, c.PERIOD, c.PROJECT_BASIS, c.GOAL),
        *_PRINTED,
    ),
    key=_ITEM_KEY,
)
CHANGES_ON_LAST_YEAR = Table(
    name="changes_on_last_year",
    description="Changes on the year before that a disclosure states, with this year's amount and the reason that it gives.",
    fields=(
        *_WHOSE,
        *_fields(MART_ITEM, c.CHANGE_STATEMENT, c.FLOW, c.CHANGE_SCHEME, c.CHANGE_CODE, c.NAME, c.BUDGET_UNIT, required=("item", "name")),
        *_fields(c.FUND, c.NATURE, c.CHANGE_BASIS, AMOUNT_NOW, AMOUNT_BEFORE, c.CHANGE_AMOUNT, c.CHANGE_PCT, c.FLAT, c.CHANGE_REASON),
        *_PRINTED,
    ),
    key=_ITEM_KEY,
)
UNITS_AND_ASSETS = Table(
    name="units_and_assets",
    description="Budget units, vehicles, equipment and buildings that a disclosure counts, one row per disclosure.",
    fields=(
        *_WHOSE,
        *_fields(*(Column(name, MONEY, f"{meaning}, as stated.") for name, meaning in COUNTS.items())),
    ),
    key=_DISCLOSURE,
)
MARTS: Mapping[str, Table] = {
    table.name: table
    for table in (
        DISCLOSURES,
        SPENDING_BY_FUNCTION,
        SPENDING_BY_ECONOMIC,
        REVENUE_BY_SOURCE,
        THREE_PUBLIC_MART,
        BUDGET_VS_FINAL,
        DEPARTMENT_PROFILE,
        MART_COVERAGE,
        PROCUREMENT_MART,
        PROJECT_SPENDING,
        CHANGES_ON_LAST_YEAR,
        UNITS_AND_ASSETS,
    )
}
"""The disclosures and the marts by name, partitioned like the tables that they are made from."""

PUBLISHED: Mapping[str, Table] = {**TABLES, **MARTS}
"""All tables of a published dataset: what is read, the dimensions, the marts."""
