"""Every column of the dataset, declared once per meaning.

Belongs here: name, type, meaning, unit and list of values of each column. A name that means two things is two constants,
and each table picks its own. Does not belong here: which table has which column, and whether it may be null (`tables.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from schemas.check_catalogue import CAUSES, CHECK_RULES
from schemas.statements import BUILT_IN

MONEY = pl.Decimal(18, 2)
"""Exact yuan with two decimals."""

QUANTITY = pl.Decimal(18, 4)
"""Exact numbers that are finer than a fen: tolerances, percentages, targets."""


@dataclass(frozen=True, slots=True)
class Column:
    """One meaning.

    Attributes:
        name: as it stands in the dataset.
        dtype: its Polars type.
        description: what it says, for people; one or two sentences.
        unit: unit of a number (`CNY`, `percent`, `point`, …), None where it has none.
        values: the closed list of values and what each means; empty where any value may stand.
        pattern: regular expression of values that may stand beside those in `values`; None keeps the list closed.
    """

    name: str
    dtype: pl.DataType | type[pl.DataType]
    description: str
    unit: str | None = None
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    pattern: str | None = None


FISCAL_TYPES: Mapping[str, str] = {
    "fiscal_year": "date:fiscal-year",
    "region_code": "administrative-classification:generic:level1:code",
    "region_name": "administrative-classification:generic:level1:label",
    "department": "administrative-classification:generic:level2:label",
    "unit": "administrative-classification:generic:level3:label",
    "class_code": "functional-classification:generic:level1:code",
    "class_name": "functional-classification:generic:level1:label",
    "department_economic_code": "economic-classification:generic:code",
    "measure": "phase:id",
    "flow": "direction",
    "project": "activity:generic:project:label",
    "document_id": "transaction-id:code",
    "source_url": "url",
}
"""What columns are in the Fiscal Data Package, by name; money in yuan is its `value`."""

_NAME = r"[a-z][a-z0-9_]*"

# --- the document keys ---------------------------------------------------------------------------------------------

DOCUMENT_ID = Column("document_id", pl.String, "First 16 hex digits of the file's sha256; files of equal bytes share it.")
FISCAL_YEAR = Column("fiscal_year", pl.Int32, "Year that is budgeted or, of a final account, accounted for; 0 where unknown.")
PROVINCE = Column(
    "province", pl.String, "ISO 3166-2 code of the province of the publishing government; `CN` for central bodies, `unknown` where unknown."
)
REGION_CODE = Column("region_code", pl.String, "Administrative division (GB/T 2260, six digits) of the publishing government.")
DEPARTMENT = Column("department", pl.String, "The body that the document is about; of a unit budget the unit itself.")

# --- documents -----------------------------------------------------------------------------------------------------

SHA256 = Column("sha256", pl.String, "Hash of the file's bytes, in hex.")
FILE_NAME = Column("file_name", pl.String, "Name of the file as it was given.")
SOURCE_URL = Column("source_url", pl.String, "Where the file was published.")
MEDIA_TYPE = Column("media_type", pl.String, "What the bytes are, by their content.")
BYTES = Column("bytes", pl.Int64, "Size of the file.", unit="byte")
PAGES = Column("pages", pl.Int32, "Number of pages; of sheets or tables where the document has no pages.")
READER = Column("reader", pl.String, "The reader that served most of the pages.")
REGION_NAME = Column("region_name", pl.String, "Name of the administrative division.")
PARENT_DEPARTMENT = Column("parent_department", pl.String, "The department that a unit belongs to.")
DOCUMENT_LEVEL = Column(
    "level",
    pl.String,
    "Whose budget the document holds. Department and unit budgets of one office are both right; adding them counts twice.",
    values={
        "department": "one department with all it comprises",
        "unit": "one budget unit",
        "department_and_units": "a department, then each of its units",
    },
)
DOCUMENT_KIND = Column(
    "kind", pl.String, "What is disclosed.", values={"budget": "the budget of a year", "final_account": "the final account of a year"}
)
STATUS = Column(
    "status",
    pl.String,
    "What became of the file.",
    values={
        "published": "read, its content is in the other tables",
        "quarantined": "not published, for the reason given",
        "superseded": "a later, corrected version stands in its place",
        "duplicate": "the same bytes as another file of the dataset",
    },
)
DOCUMENT_REASON = Column("reason", pl.String, "Why the file is not published, in one sentence.")
SUPERSEDED_BY = Column("superseded_by", pl.String, "`document_id` of the version that stands in its place.")
LINES = Column("lines", pl.Int32, "Number of budget lines.")
AMOUNTS_PRINTED = Column("amounts_printed", pl.Int32, "Numbers seen in statement tables.")
AMOUNTS_CAPTURED = Column("amounts_captured", pl.Int32, "Of the printed amounts, those that are in the dataset.")
CHECKS_PASSED = Column("checks_passed", pl.Int32, "Checks that held.")
CHECKS_FAILED = Column("checks_failed", pl.Int32, "Checks that failed, warnings included.")
CHECKS_NOT_APPLICABLE = Column("checks_not_applicable", pl.Int32, "Checks that had nothing to compare.")
RECONCILED = Column(
    "reconciled",
    pl.Boolean,
    "At least one check of the kinds H, R, B, X applies and none of these fails with severity error; null where none applies.",
)

GRADE = Column(
    "grade",
    pl.String,
    "How far the figures of a published document are proven; null where it is not published.",
    values={
        "A": "proven: every printed amount captured, at most 1 % in an open column, at least 90 % in an identity that "
        "holds, and no identity of severity error fails",
        "B": "consistent: identities were tried and none of severity error fails, but it lacks something of A",
        "C": "contradicted: an identity of severity error fails, by a fault of the publisher or of the reading",
        "D": "untested: it prints nothing that an identity of the kinds H, R, B, X could be tried on",
    },
)

DEPARTMENT_ID = Column(
    "department_id",
    pl.String,
    "Identity of the body (table `departments`): the same in all years, for all spellings of its name, and for department and unit "
    "budgets of the same office.",
)

DISCLOSURE_ID = Column(
    "disclosure_id",
    pl.String,
    "Identity of the disclosure (table `disclosures`): what one body publishes of one year, kind and level, in one file or several; the "
    "same in every version of the dataset.",
)

# --- what a line is about ------------------------------------------------------------------------------------------

STATEMENTS: Mapping[str, str] = {kind.id: kind.description for kind in BUILT_IN.values()}
"""Canonical statements and their usual title."""

SCHEMES: Mapping[str, str] = {
    "function": "支出功能分类（类/款/项）",
    "department_economic": "部门预算支出经济分类（类/款）",
    "government_economic": "政府预算支出经济分类（类/款）",
    "revenue_item": "revenue items, known by name",
    "unit": "budget units",
    "three_public": "“三公”经费、会议费、培训费、机关运行经费",
    "project": "projects",
    "procurement_item": "items of procurement",
    "item": "rows without a classification",
}
FLOWS: Mapping[str, str] = {"revenue": "收入", "expenditure": "支出"}
FUNDS: Mapping[str, str] = {
    "total": "all funds, 合计",
    "current_year": "本年收入小计",
    "fiscal_appropriation": "财政拨款",
    "general_public": "一般公共预算",
    "government_fund": "政府性基金预算",
    "state_capital": "国有资本经营预算",
    "special_account": "财政专户管理资金",
    "unit_funds": "单位资金, subtotal",
    "business": "事业收入",
    "operating": "事业单位经营收入",
    "superior_subsidy": "上级补助收入",
    "subordinate_remittance": "附属单位上缴收入",
    "other": "其他收入",
    "non_fiscal_surplus": "使用非财政拨款结余",
    "unit_account_balance": "单位账户结余",
    "carryover": "上年结转, undivided",
    "carryover_general_public": "上年结转：一般公共预算",
    "carryover_government_fund": "上年结转：政府性基金预算",
    "carryover_state_capital": "上年结转：国有资本经营预算",
    "carryover_fiscal_appropriation": "上年结转：财政拨款",
    "carryover_special_account": "上年结转：财政专户管理资金",
    "carryover_unit_funds": "上年结转：单位资金",
}
NATURES: Mapping[str, str] = {
    "total": "all spending, 合计; always of revenue",
    "basic": "基本支出",
    "basic_personnel": "基本支出：人员经费",
    "basic_operating": "基本支出：公用经费",
    "project": "项目支出",
    "operating": "事业单位经营支出",
    "remittance_to_superiors": "上缴上级支出",
    "subsidy_to_subordinates": "对附属单位补助支出",
    "reserve": "预留机动",
    "carryforward": "结转下年，年末结转和结余",
    "surplus_distribution": "结余分配",
    "undisposed_balance": "待分配、未处置的结余",
}
MEASURES: Mapping[str, str] = {
    "budget": "the budget of the year, 年初预算数 in a final account",
    "adjusted_budget": "调整预算数",
    "final": "决算数",
    "prior_year_budget": "上年预算数",
    "prior_year_final": "上年决算数，上年执行数",
    "prior_year": "上年数, unsaid which",
    "change": "difference to the year before",
}
THREE_PUBLIC_CODES: Mapping[str, str] = {
    "total": "出国 + 接待 + 车辆",
    "abroad": "因公出国（境）费",
    "reception": "公务接待费",
    "vehicles": "公务用车购置及运行费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行费",
    "conference": "会议费",
    "training": "培训费",
    "with_meetings_training": "a 合计 that includes 会议费 or 培训费",
    "agency_operating": "机关运行经费 printed in the same statement, no part of total",
}
"""Codes of the scheme `three_public`."""

STATEMENTS_FOUND = Column("statements", pl.List(pl.String), "Recognised statements in document order, empty ones too.", values=STATEMENTS)
STATEMENT = Column("statement", pl.String, "The statement that the amount belongs to.", values=STATEMENTS)
CHANGE_STATEMENT = Column(
    "statement",
    pl.String,
    "The statement that the changed amount belongs to.",
    values={**STATEMENTS, "key_figures": "no statement: the change of a key figure"},
)
FLOW = Column("flow", pl.String, "Revenue or expenditure: a property of the printed column.", values=FLOWS)
SCHEME = Column("scheme", pl.String, "Classification that the row is named in.", values=SCHEMES)
CHANGE_SCHEME = Column(
    "scheme",
    pl.String,
    "Classification that the changed amount is named in.",
    values={**SCHEMES, "indicator": "an indicator of `key_figures`"},
)
CODE = Column(
    "code",
    pl.String,
    "Code in the scheme, digits joined (201, 20103, 2010301); of three_public its own words; null for totals, revenue items, "
    "unclassified rows, and where unresolved.",
)
CHANGE_CODE = Column("code", pl.String, "Code in the scheme; for a key figure its indicator; null for totals and where unresolved.")
NAME = Column("name", pl.String, "Name of the row as printed, without numbering, level marks, codes and spaces.")
FUND = Column("fund", pl.String, "Where the money comes from; null where the column is ambiguous.", values=FUNDS)
NATURE = Column(
    "nature",
    pl.String,
    "What kind of spending it is; `of_which_…` repeats a part of other amounts; null where the column is ambiguous.",
    values=NATURES,
    pattern=r"of_which_[a-z0-9_]+",
)

# --- budget_lines --------------------------------------------------------------------------------------------------

BUDGET_UNIT = Column(
    "unit",
    pl.String,
    "The budget unit that the line belongs to; null for the document's whole department, "
    "and for a unit's own row (scheme `unit`), which names its unit in `name`.",
)
CHECKED_STATEMENT = Column(
    "statement",
    pl.String,
    "The statement that the check is about; null where it is about none.",
    values={
        **STATEMENTS,
        "key_figures": "no statement: a key figure",
        "projects": "no statement: a project",
        "performance_indicators": "no statement: the targets of a project",
    },
)
STATEMENT_TITLE = Column("statement_title", pl.String, "Title of the statement as printed.")
STATEMENT_NO = Column(
    "statement_no", pl.Int16, "Number of the printed table in document order, continuation pages included; 0 for the narrative."
)
SOURCE = Column("source", pl.String, "Where it is printed.", values={"table": "a statement table", "narrative": "a sentence"})
CODE_SOURCE = Column(
    "code_source",
    pl.String,
    "Where the code comes from.",
    values={"printed": "it is printed in the row", "name": "it was resolved from the name and its parents"},
)
LINE_LEVEL = Column(
    "level",
    pl.Int8,
    "Depth of the row: 0 total; function and economic 1 类, 2 款, 3 项; revenue items by indentation 1–3; unit, project, item 1; "
    "three_public total 0, parts 1, vehicle parts 2.",
)
STANDARD_NAME = Column(
    "standard_name",
    pl.String,
    "Name of the code in the code list of that year; 合计 for a row that prints no word; null where the row's own name is another thing's.",
)
DEPARTMENT_ECONOMIC_CODE = Column(
    "department_economic_code", pl.String, "The row's departmental economic code, where a statement crosses classifications."
)
GOVERNMENT_ECONOMIC_CODE = Column(
    "government_economic_code", pl.String, "The row's government economic code, where a statement crosses classifications."
)
UNIT_EVIDENCE = Column(
    "unit_evidence",
    pl.String,
    "How it is known which unit of money the amount is printed in.",
    values={
        "amount": "it is printed with the amount",
        "header": "it is printed in the header of the column",
        "row": "it is printed in the row",
        "table": "it is printed above the table, below it, or above its further pages",
        "total": "it is not printed: the table's total is stated elsewhere in the document with its unit",
        "page": "it is not printed: it is the unit of the other tables of the page, and no other is possible",
    },
)
ATTRIBUTE = Column(
    "attribute",
    pl.String,
    "What is said of the document.",
    values={
        "fiscal_year": "the year budgeted, or accounted for",
        "kind": "budget or final account",
        "department": "the body that it is about",
        "parent_department": "the department of a unit",
        "level": "whether it is a department's or a unit's",
        "region_code": "the government that the body is of",
    },
)
ATTRIBUTE_VALUE = Column("value", pl.String, "The value that is said there.")
PLACE = Column(
    "place",
    pl.String,
    "Where it is said.",
    values={
        "cover": "a title on the first two pages",
        "title": "another title",
        "field": "a field above a table (编制单位：…)",
        "heading": "a heading",
        "overview": "the heading of an overview of a body",
        "sentence": "a sentence",
        "column": "the header of a column",
        "department": "the name of the body itself",
        "text": "words of the whole text, counted",
        "registry": "the registry that lists the document: a hint",
    },
)
IS_PUBLISHED = Column("is_published", pl.Boolean, "Whether this value is the one in `documents`; another one is evidence against it.")
FUNCTION_CODE = Column(
    "function_code", pl.String, "The row's function code where its scheme is another one: what a project or purchase is booked under."
)
CATALOGUE_CODE = Column("catalogue_code", pl.String, "Code or letter of a purchase in the government procurement catalogue (政府采购品目).")
ROW_PROJECT = Column("project", pl.String, "Project that a purchase, or the money of a row of codes, belongs to, where the row names one.")
CELL = Column(
    "cell",
    pl.String,
    "Address of the cell (`D14`) in a spreadsheet, or in a table of a web page or Word document; null where the page has points.",
)
CONFIDENCE = Column(
    "confidence",
    pl.Float32,
    "How certain the reading is of a number that was recognised in a picture (a scan): probability of its least certain character, "
    "from 0 to 1, rounded down to hundredths; null where the document spells its numbers.",
)
MEASURE = Column("measure", pl.String, "Which version of the amount the column prints.", values=MEASURES)
AMOUNT = Column("amount", MONEY, "The amount, exact.", unit="CNY")
AMOUNT_TEXT = Column("amount_text", pl.String, "The amount as printed.")
UNIT_TEXT = Column("unit_text", pl.String, "Unit that the amount is printed in.", values={"元": "yuan", "万元": "ten thousand yuan"})
COLUMN_EVIDENCE = Column(
    "column_evidence",
    pl.String,
    "How it is known which column the amount stands in.",
    values={
        "printed": "by its position",
        "solved": "the accounting identities admit this column alone",
        "ambiguous": "several columns fit; fund and nature are left open",
    },
)
AMOUNT_EVIDENCE = Column(
    "amount_evidence",
    pl.String,
    "How the amount is known.",
    values={"printed": "as read", "repaired": "mended by proof; `amount_text` stays as read"},
)
PROOFS = Column(
    "proofs",
    pl.Int32,
    "Number of identities that hold and in which this amount takes part; bounds (≥) prove no amount, nor does the same number elsewhere "
    "unless a sum of other numbers holds with it.",
)
CONTRADICTIONS = Column(
    "contradictions",
    pl.Int32,
    "Number of identities of severity error that fail and in which this amount takes part; the amount itself need not be the wrong one.",
)
IS_LEAF = Column(
    "is_leaf",
    pl.Boolean,
    "No finer row of the same statement stands below it: a sum over the leaves of one document, statement, statement_no, flow, fund, "
    "nature and measure never counts twice. Where a publisher withholds items it is less than the printed total (level 0).",
)
PAGE = Column(
    "page", pl.Int32, "Page of the document, from 1; of a workbook the sheet, of a web page or Word document the table, in their order."
)
ROW = Column("row", pl.Int32, "Row within statement_no, from 1, across pages; of the narrative the amounts in order.")
COLUMN = Column("column", pl.Int16, "Printed column, from 1; of the narrative 1.")
X0 = Column("x0", pl.Float32, "Left edge of the printed number (of a target, its text), from the left of the upright page.", unit="point")
Y0 = Column("y0", pl.Float32, "Top edge of the printed number (of a target, its text), from the top of the upright page.", unit="point")
X1 = Column("x1", pl.Float32, "Right edge of the printed number (of a target, its text).", unit="point")
Y1 = Column("y1", pl.Float32, "Bottom edge of the printed number (of a target, its text).", unit="point")

# --- what the narrative adds ---------------------------------------------------------------------------------------

ITEM = Column("item", pl.Int32, "Number of the row within its document and table, from 1, in document order.")
CHANGE_BASIS = Column(
    "basis",
    pl.String,
    "What the change is measured against.",
    values={
        "prior_year_execution": "上年执行数",
        "prior_year_budget": "上年预算数",
        "prior_year": "上年, unsaid which",
    },
)
CHANGE_AMOUNT = Column("change_amount", MONEY, "Change on the basis, signed.", unit="CNY")
CHANGE_PCT = Column("change_pct", pl.Decimal(12, 4), "Change in percent of the basis, signed.", unit="percent")
FLAT = Column("flat", pl.Boolean, "The text says that the amount is (about) the same, 与上年持平.")
CHANGE_REASON = Column("reason", pl.String, "Reason that the text gives for the change.")
_VEHICLE_USES = {
    "ministerial": "副部（省）级以上领导用车",
    "principals": "主要领导干部用车",
    "confidential_mail": "机要通信用车",
    "emergency": "应急保障用车",
    "law_enforcement": "执法执勤用车",
    "special_purpose": "特种专业技术用车",
    "retired_officials": "离退休干部用车",
    "general": "一般公务用车",
    "assigned": "定向保障用车",
    "officials": "领导干部用车",
    "service": "业务用车",
    "other": "其他用车",
}
PERFORMANCE_PARTS = {
    "fiscal_appropriation": "财政拨款",
    "general_public": "一般公共预算",
    "government_fund": "政府性基金预算",
    "state_capital": "国有资本经营预算",
    "special_account": "财政专户管理资金",
    "unit_funds": "单位资金（其他资金）",
    "carryover": "上年结转资金",
    "basic": "基本支出",
    "project": "项目支出",
}
"""Funds and natures of which the money that performance concerns is published."""
_EVALUATED = {"tracked": "绩效跟踪（监控）", "self_evaluated": "绩效自评", "department_evaluated": "部门评价"}
_BUDGETED = {
    "agency_operating_expenditure": "机关运行经费",
    "procurement_total": "政府采购总额",
    "procurement_goods": "政府采购货物",
    "procurement_works": "政府采购工程",
    "procurement_services": "政府采购服务",
    "outsourcing_fee": "委托业务费",
    "conference_fee": "会议费",
    "training_fee": "培训费",
}
_STAFF_PARTS = {
    "administrative": "行政人员",
    "public_institution": "事业人员",
    "civil_service_managed": "参照公务员法管理的人员",
    "workers": "工勤人员",
}
_STAFF = {
    "staff_established": "人员编制数",
    **{f"staff_established_{part}": f"人员编制数：{name}" for part, name in _STAFF_PARTS.items()},
    "staff_in_post": "实有（在职）人员数",
    **{f"staff_in_post_{part}": f"实有（在职）人员数：{name}" for part, name in _STAFF_PARTS.items()},
    "staff_retired": "离退休人员数",
    "staff_retired_on_full_pay": "离休人员数",
    "staff_retired_on_pension": "退休人员数",
}
FIGURE = Column(
    "indicator",
    pl.String,
    "What is stated.",
    values={
        "agency_operating_expenditure": "机关运行经费",
        "procurement_total": "政府采购预算总额",
        "procurement_goods": "政府采购货物预算",
        "procurement_works": "政府采购工程预算",
        "procurement_services": "政府采购服务预算",
        "procurement_reserved_sme": "面向中小企业预留的政府采购预算",
        "procurement_reserved_small_micro": "其中面向小微企业预留的政府采购预算",
        "procurement_quantity": "政府采购数量（逐项）",
        "procurement_quantity_total": "政府采购数量（合计或单位小计）",
        "procurement_centralised": "政府集中采购预算",
        "procurement_decentralised": "分散采购预算",
        "procurement_awarded_sme": "授予中小企业的政府采购合同金额",
        "procurement_awarded_small_micro": "其中授予小微企业的合同金额",
        "procurement_awarded_of_reserved_sme": "面向中小企业预留的项目中由中小企业中标的金额",
        "procurement_awarded_of_reserved_small_micro": "面向小微企业预留的项目中由小微企业中标的金额",
        "procurement_awarded_of_others": "其他政府采购项目中由中小企业中标的金额",
        **{f"{figure}_budget": f"{name}：决算所列的预算数" for figure, name in _BUDGETED.items()},
        "budget_units": "预算单位数",
        "budget_units_subordinate": "本部以外的下属预算单位数",
        "budget_units_administrative": "行政单位数",
        "budget_units_civil_service_managed": "参照公务员法管理的单位数",
        "budget_units_public_institution": "事业单位数",
        **_STAFF,
        "performance_projects": "编报绩效目标的项目数",
        "performance_first_level_projects": "编报绩效目标的一级项目数",
        "performance_second_level_projects": "编报绩效目标的二级项目数",
        "performance_amount": "编报绩效目标的项目金额",
        "performance_amount_overall": "纳入绩效目标管理的部门整体支出",
        **{
            f"performance_{of}amount_{part}": f"其中{name}"
            for of in ("", *(f"{done}_" for done in _EVALUATED))
            for part, name in PERFORMANCE_PARTS.items()
        },
        **{f"performance_{done}_projects": f"开展{name}的项目数" for done, name in _EVALUATED.items()},
        **{f"performance_{done}_first_level_projects": f"开展{name}的一级项目数" for done, name in _EVALUATED.items()},
        **{f"performance_{done}_second_level_projects": f"开展{name}的二级项目数" for done, name in _EVALUATED.items()},
        **{f"performance_{done}_amount": f"开展{name}的项目金额" for done, name in _EVALUATED.items()},
        "outsourcing_fee": "委托业务费",
        "conference_fee": "会议费（“三公”经费部分以外所列）",
        "training_fee": "培训费（“三公”经费部分以外所列）",
        "conference_participants": "会议人数",
        "training_participants": "培训人数",
        "vehicles_owned": "共有车辆",
        **{f"vehicles_owned_{use}": f"其中{name}" for use, name in _VEHICLE_USES.items()},
        "equipment_over_200k_owned": "单价20万元以上设备",
        "equipment_over_500k_owned": "单价50万元以上设备",
        "equipment_over_1m_owned": "单价100万元以上设备",
        "equipment_over_2m_owned": "单价200万元以上设备",
        "vehicles_to_purchase": "拟购置车辆",
        **{f"vehicles_to_purchase_{use}": f"其中{name}" for use, name in _VEHICLE_USES.items()},
        "equipment_over_200k_to_purchase": "拟购置单价20万元以上设备",
        "equipment_over_500k_to_purchase": "拟购置单价50万元以上设备",
        "equipment_over_1m_to_purchase": "拟购置单价100万元以上设备",
        "equipment_over_2m_to_purchase": "拟购置单价200万元以上设备",
        "abroad_groups": "因公出国（境）团组数",
        "abroad_persons": "因公出国（境）人次",
        "reception_batches": "国内公务接待批次",
        "reception_visitors": "国内公务接待人次",
        "foreign_reception_batches": "外事接待批次",
        "foreign_reception_visitors": "外事接待人次",
        "three_public_vehicles_owned": "“三公”经费开支的公务用车保有量",
        "three_public_vehicles_purchased": "“三公”经费购置的公务用车数",
        "fixed_assets_owned": "固定资产",
        "fixed_assets_to_purchase": "拟购置固定资产",
        "buildings_owned": "房屋面积",
    },
    pattern=_NAME,
)
FIGURE_NAME = Column(
    "name",
    pl.String,
    "What the value is of, where a document states it of several things (what is bought); null where it is of the whole body.",
)
VALUE = Column("value", MONEY, "The stated number, in `unit`.")
VALUE_UNIT = Column(
    "unit",
    pl.String,
    "Unit of the value.",
    values={"yuan": "元", "count": "a number of things", "percent": "per cent", "m2": "square metres"},
)
PROJECT = Column(
    "project", pl.String, "Name of the project (or of a task of the whole department) as printed; 部门整体支出 is all spending of it."
)
PROJECT_BASIS = Column("basis", pl.String, "Legal or policy basis of the project, 立项依据.")
IMPLEMENTER = Column("implementer", pl.String, "Who carries the project out, 实施主体.")
PERIOD = Column("period", pl.String, "When it is carried out, 实施周期.")
GOAL = Column("goal", pl.String, "The goal of the project, 绩效目标.")
FISCAL_AMOUNT = Column(
    "fiscal_amount",
    MONEY,
    "Part of the amount that 财政拨款 pays, where a split that adds up is printed; 上年结转 may be a third part of it.",
    unit="CNY",
)
OTHER_AMOUNT = Column("other_amount", MONEY, "Part of the amount that other funds pay, where a split that adds up is printed.", unit="CNY")
PROJECT_NO = Column(
    "project_no",
    pl.Int32,
    "Number of the project within its document, from 1; it tells projects of one name apart. "
    "Null for indicators of a whole department of which no amount and no goal is stated.",
)
ACTIVITY = Column("activity", pl.String, "The activity of the project that the indicator is set for, in forms by activities.")
PART_OF = Column("part_of", pl.String, "The project whose amount contains this one's; null where none is said to: those add up.")
PART_OF_NO = Column(
    "part_of_no",
    pl.Int32,
    "Number (project_no) of the project of part_of within the document; null where part_of is, or where several have its name "
    "and none is told.",
)
DIMENSION = Column("dimension", pl.String, "First-level indicator, 一级指标.")
SUB_DIMENSION = Column("sub_dimension", pl.String, "Second-level indicator, 二级指标.")
PERFORMANCE_INDICATOR = Column("indicator", pl.String, "Third-level indicator, 三级指标, as printed.")
OPERATOR = Column(
    "operator", pl.String, "How the target is to be met: ≥, ≤, ＝, 定性指标, or 定量指标 where a form says no more of a number."
)
TARGET = Column("target", pl.String, "Target as printed.")
TARGET_VALUE = Column("target_value", pl.Decimal(18, 6), "Target as a number, where it is one.")
TARGET_UNIT = Column("unit", pl.String, "Unit of the target as printed.")
WEIGHT_PCT = Column("weight_pct", pl.Decimal(5, 2), "Weight of the indicator within its project.", unit="percent")

# --- checks and findings -------------------------------------------------------------------------------------------

CHECK_ID = Column(
    "check_id",
    pl.String,
    "The identity that was tried.",
    values={rule.id: rule.english for rule in CHECK_RULES},
)
CHECK_SUBJECT = Column("subject", pl.String, "The code, row or pair that is compared.")
EXPECTED = Column(
    "expected",
    QUANTITY,
    "What the parts imply: their sum (N1: what the tables print; N2: what the printed numbers allow).",
    unit="CNY (N2, N3, P2: percent; N4, C1, F1, G1: a count)",
)
ACTUAL = Column("actual", QUANTITY, "What is printed as the whole.", unit="CNY (N2, N3, P2: percent; N4, C1, F1, G1: a count)")
DIFFERENCE = Column("difference", QUANTITY, "actual − expected.", unit="CNY (N2, N3, P2: percent; N4, C1, F1, G1: a count)")
TOLERANCE = Column(
    "tolerance",
    QUANTITY,
    "How far the sides may differ by rounding at the printed precision.",
    unit="CNY (N2, N3, P2: percent; N4, C1, F1, G1: a count)",
)
OUTCOME = Column(
    "outcome",
    pl.String,
    "What came of it.",
    values={"pass": "it holds", "fail": "it does not hold", "not_applicable": "there was nothing to compare; `detail` says why"},
)
SEVERITY = Column(
    "severity",
    pl.String,
    "What a failure means.",
    values={"error": "the reading or the publisher is wrong", "warning": "a difference that is no proof of a fault"},
)
CHECK_DETAIL = Column("detail", pl.String, "The comparison in words, or why it does not apply.")
FINDING = Column(
    "finding",
    pl.String,
    "What kind of finding it is.",
    values={
        "failed_identities": "identities that fail by one cause; `cause` says which",
        "repaired": "an amount that was misread and is mended by proof",
        "unknown_phrase": "a title, header or row label that the vocabulary does not know",
        "registry_contradiction": "the registry says something else than the document",
        "identity_contradiction": "the document contradicts itself on whose it is, or of which year or kind; what is doubtful is null",
        "amount_not_captured": "printed amounts of a statement, or of a section of the narrative, that are not in the dataset",
        "remark_not_captured": "a count, a mark or the reason of a change that a sentence states and no table holds",
        "target_not_captured": "rows of a table that print a performance target or a project and gave neither",
        "reader_warning": "something that the reader noticed about the file",
        "unresolved_name": "a row whose name could not be resolved to one code",
        "code_of_another_name": "a row prints a code and the name of another code: one of the two is misprinted or misread",
        "other_version": "another document of the same body, year, kind and level is published as well: neither holds all of the other",
        "correction": "the document says that it corrects an earlier publication",
        "gone": "the address where the document was published no longer gives it",
        "no_such_partition": "the document says a fiscal year or province that the dataset has no place for",
    },
    pattern=_NAME,
)
CAUSE = Column(
    "cause",
    pl.String,
    "Why identities fail; null where the finding is of another kind.",
    values={kind.value: meaning for kind, meaning in CAUSES.items()},
)
FINDING_SEVERITY = Column(
    "severity", pl.String, "Severity of the gravest identity that fails by this cause.", values={"error": "error", "warning": "warning"}
)
BROKEN = Column("identities", pl.List(pl.String), "The identities that fail by this cause, as `check_id statement: subject`.")
CELLS = Column(
    "cells", pl.List(pl.String), "The numbers in question, as `page p [x0 y0 x1 y1] name: amount_text`; boxes in points, origin top left."
)
IMPLIED = Column("implied", MONEY, "The amount under which the identities hold, where one number alone explains them.", unit="CNY")
ALTERNATIVES = Column("alternatives", pl.Int32, "How many numbers could each be the wrong one; 1 where it is known which.")
FINDING_SUBJECT = Column("subject", pl.String, "The phrase, amount, name or field that it is about.")
FREQUENCY = Column("frequency", pl.Int32, "How often it occurs in the document.")
FINDING_DETAIL = Column("detail", pl.String, "The finding in one sentence.")

# --- dimensions ----------------------------------------------------------------------------------------------------

LIST_CODE = Column("code", pl.String, "The code, digits joined.")
LIST_NAME = Column("name", pl.String, "Name of the code in the years given.")
PARENT = Column("parent", pl.String, "Code of the level above, or of the nearest one above that is known.")
CODE_LEVEL = Column("level", pl.Int8, "1 类, 2 款, 3 项; of three_public and revenue items depth below their total, 0.")
FIRST_YEAR = Column("first_year", pl.Int32, "First fiscal year for which the row is attested.")
LAST_YEAR = Column("last_year", pl.Int32, "Last fiscal year for which the row is attested; null while in force.")
EVIDENCE = Column(
    "evidence",
    pl.String,
    "What the row rests on.",
    values={"official": "an official list", "attested": "several published documents", "single": "one published document"},
)
DOCUMENTS = Column("documents", pl.Int32, "Number of documents that attest it.")
SUCCESSOR = Column("successor", pl.String, "Code that took its place.")
COMPARED_WITH = Column(
    "compared_with",
    pl.String,
    "What the amount is far from.",
    values={
        "own_years": "the same cell of the same body in the nearest other year",
        "peers": "the median share of all spending that the same cell has among bodies of its level",
    },
)
TYPICAL = Column(
    "typical", MONEY, "What would be expected: the amount of the other year; or the median share of this body's spending.", unit="CNY"
)
FACTOR = Column("factor", pl.Decimal(24, 6), "amount ÷ typical: how many times what is expected.")
PEER_BODIES = Column("bodies", pl.Int32, "Number of bodies that have the cell, this one included.")
OTHER_YEAR = Column("other_year", pl.Int32, "The year that it is compared with.")
OTHER_DOCUMENT = Column("other_document_id", pl.String, "`document_id` of the document of that year.")
OUTLIER_EVIDENCE = Column("evidence", pl.String, "What was expected and by what, in words.")
OUTLIER_SCHEME = Column("scheme", pl.String, "Classification that the row is named in; null of a total.", values=SCHEMES)
OUTLIER_CODE = Column("code", pl.String, "Code of the row; null of a total.")
NAME_EN = Column("name_en", pl.String, "English name.")
COFOG = Column(
    "cofog",
    pl.String,
    "Division (`09`) or, where the code decides it, group (`09.2`) of the UN classification of the functions of government (COFOG 1999); "
    "null where it cannot be allocated. The first two characters are the division.",
)
SERIES = Column(
    "series",
    pl.String,
    "The same for all names and codes that continue one another, by new names and moves: the code in which the line ends. With the last "
    "year (`30311/2017`) where it ended and the code has since been given to something else.",
)
COFOG_CONFIDENCE = Column(
    "cofog_confidence",
    pl.String,
    "How sure the COFOG allocation is.",
    values={
        "high": "the meaning of the code is that of the division or group",
        "medium": "most of what the code holds belongs there",
        "low": "no division or group fits; the nearest",
        "none": "it cannot be allocated",
    },
)
COFOG_REASON = Column("cofog_reason", pl.String, "Why it is allocated there, or why not.")
SUCCESSOR_NAME = Column("successor_name", pl.String, "Name of the successor in the first year.")
RELATION = Column(
    "relation",
    pl.String,
    "What became of the code.",
    values={
        "renamed": "the same code has another name",
        "moved": "it has another code",
        "merged": "it went into another code, together with others",
        "split": "its content is divided; one row per part",
        "reused": "it ended, and the code was given to something else",
    },
)
CHANGE_YEAR = Column("first_year", pl.Int32, "First fiscal year of the successor.")
CROSSING_REASON = Column("reason", pl.String, "What the relation rests on.")
ATTESTED_CODE = Column("code", pl.String, "The code as printed, digits joined.")
ATTESTED_NAME = Column("name", pl.String, "The name printed with it.")
ATTESTING_DOCUMENTS = Column("documents", pl.Int32, "Number of documents of this dataset that print the pair.")
FIRST_PRINTED = Column("first_year", pl.Int32, "First fiscal year of which a document prints it.")
LAST_PRINTED = Column("last_year", pl.Int32, "Last fiscal year of which a document prints it.")
CONFLICT = Column(
    "conflict",
    pl.String,
    "What the code book has against the pair; null where it holds it.",
    values={
        "unknown_code": "the book does not hold the code",
        "other_name": "the book has other names for the code",
    },
)
KNOWN_NAME = Column("known_name", pl.String, "Name of the code in the book in the last of these years.")
OTHER_CODE = Column("other_code", pl.String, "The one other code that bears the printed name in the book.")
DECISION = Column(
    "decision",
    pl.String,
    "What a person decided about a pair that the book does not hold; null is open.",
    values={
        "variant": "another spelling of the code's name",
        "misprint": "no name of the code",
        "local": "a code of a local treasury",
    },
)
DECISION_REASON = Column("reason", pl.String, "Why it was decided so.")
OFFICE_ID = Column("department_id", pl.String, "Region code of its government and a hash of its name without places and spelling.")
OFFICE = Column("department", pl.String, "Its name in the newest document.")
OFFICE_PARENT = Column("parent_department_id", pl.String, "The department that the unit belongs to, where a document says so.")
OFFICE_NAMES = Column("names", pl.List(pl.String), "All names that documents give it.")
OFFICE_FIRST_YEAR = Column("first_year", pl.Int32, "First fiscal year of which a document names it.")
OFFICE_LAST_YEAR = Column("last_year", pl.Int32, "Last fiscal year of which a document names it.")
OFFICE_DOCUMENTS = Column("documents", pl.Int32, "Number of published documents about it; 0 where only its units' name it.")
OFFICE_SUCCESSOR = Column("successor_id", pl.String, "The office that a reorganisation put in its place, where documents know it.")
OFFICE_CHANGE = Column("successor_reason", pl.String, "The reorganisation.")
PAIR_NOTE = Column("note", pl.String, "What is doubtful about the pair.")
PAIR_DEPARTMENT_CODE = Column("department_economic_code", pl.String, "Departmental economic code.")
PAIR_GOVERNMENT_CODE = Column("government_economic_code", pl.String, "Government economic code that stands beside it.")
COFOG_CODE = Column("cofog", pl.String, "Code of the division (`09`) or group (`09.2`).")
COFOG_NAME = Column("name", pl.String, "Name of the division or group.")
COFOG_PARENT = Column("parent", pl.String, "Division of a group.")
COFOG_LEVEL = Column("level", pl.Int8, "1 division, 2 group.")
REGION_NAME_EN = Column(
    "name_en",
    pl.String,
    "English name: provinces and prefectures as commonly written, counties in Hanyu Pinyin with their kind.",
)
REGION_FIRST_YEAR = Column("first_year", pl.Int32, "First year in which the code bears this name in GB/T 2260 (1980 or later).")
REGION_LAST_YEAR = Column("last_year", pl.Int32, "Last year in which it does; null while in force.")
REGION_SUCCESSOR = Column("successor", pl.String, "Code of the division that took its place, where it is one.")
REGION_PARENT = Column("parent", pl.String, "Code of the division that it belongs to.")
REGION_LEVEL = Column("level", pl.Int8, "0 the state, 1 province, 2 prefecture, 3 county.")
