"""The catalogue of checks: what each states, where the rule comes from, and what its failure means.

Belongs here: one declaration per check. Their equations are in `pipeline/accounting/`, checks that are no sums in `pipeline/checks/`.
`docs/checks.md` is this catalogue written out:

    python -m schemas.check_catalogue > docs/checks.md
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import Enum, StrEnum

ACCOUNTING = "accounting identity (勾稽关系) of the statements"
FORM = "form of the published statements (预算公开表样, 部门决算公开表样)"
PROSE = "set phrases of the published explanations (情况说明)"


class Family(Enum):
    """What kind of thing a check states: what is decided alike for several checks is decided by this, never by their names."""

    HIERARCHY = "a row of a classification is the sum of those below it"
    ROW = "the amounts of one row add up"
    BALANCE = "revenue is expenditure"
    CROSS = "one amount printed in several places, a whole and its parts in several rows"
    THREE_PUBLIC = "the items of 三公"
    SIZE = "no part exceeds the whole budget"
    READING = "the reading is whole and in order"
    PROSE = "what sentences state"
    TARGETS = "weights of performance targets"
    YEARS = "two years' documents"
    FILES = "two files of one disclosure"


class CauseKind(StrEnum):
    """Why identities fail, as `findings.cause` names it."""

    PUBLISHER = "publisher"
    MISREAD_CELL = "misread_cell"
    SHIFTED_COLUMN = "shifted_column"
    WRONG_UNIT = "wrong_unit"
    MISSING_ROW = "missing_row"
    WITHHELD = "withheld"
    LEFT_OUT = "left_out"
    ROUNDING = "rounding"
    UNDECIDED = "undecided"


CAUSES = {
    CauseKind.PUBLISHER: "the page prints the numbers as they were read: they do not add up",
    CauseKind.MISREAD_CELL: "the page prints another number than the one read",
    CauseKind.SHIFTED_COLUMN: "two neighbouring amounts of a row have changed places",
    CauseKind.WRONG_UNIT: "a table is off by a factor of 10,000",
    CauseKind.MISSING_ROW: "parts are missing in a table of which not every number was captured",
    CauseKind.WITHHELD: "the publisher withholds items: the same gap in several columns, or gaps of natures that make up the total's",
    CauseKind.LEFT_OUT: "a total leaves out what its table prints beside it: what is carried over or forward, or paid from unit to unit",
    CauseKind.ROUNDING: "a difference of one last printed place, or of fewer printed decimals",
    CauseKind.UNDECIDED: "no smallest explanation, or nothing to decide between reading and publisher",
}


@dataclass(frozen=True, slots=True)
class CheckRule:
    """A check as people read of it.

    Attributes:
        id: as it stands in `checks.check_id`.
        family: what kind of thing it states.
        chinese, english: what it states.
        source: where the rule comes from.
        needs: what must be printed for it to be tried; else it is `not_applicable`.
        tolerance: how far the sides may differ, and why.
        severity: `error`, `warning`, or when which.
        scope: `document`, or `dataset` where it needs several documents.
    """

    id: str
    family: Family
    chinese: str
    english: str
    source: str
    needs: str
    tolerance: str
    severity: str
    scope: str = "document"


_ROUNDING = "(n + 1) / 2 of the last printed place for a sum of n > 1 addends, none for one addend"
_SAME = "none; a difference of one last printed place, or of less than a printed place of the coarser side, is a warning"
_SUM_OF_STATEMENTS = f"{_SAME}; (n + 1) / 2 of the coarsest statement's last printed place for a sum of n > 1 statements"
_NONE = "none"
_INTERVAL = "the interval that the printed precision of all numbers allows"
_SUMS = (
    "error; warning where items are withheld (the same gap in several columns, or gaps of natures that make up the total's) "
    "or only one amount of the document is off by rounding"
)
_OF_ROWS = "error; warning where a total leaves out what is carried over or forward, which is printed beside it"

CHECK_RULES: tuple[CheckRule, ...] = (
    CheckRule(
        "H1",
        Family.HIERARCHY,
        "款 = Σ 项，类 = Σ 款，合计 = Σ 类（功能分类）",
        "each function 款 = Σ its 项, each 类 = Σ its 款, total = Σ 类",
        ACCOUNTING,
        "a statement by function codes",
        _ROUNDING,
        _SUMS,
    ),
    CheckRule(
        "H2",
        Family.HIERARCHY,
        "类 = Σ 款，合计 = Σ 类（经济分类）",
        "each economic 类 = Σ its 款, total = Σ 类",
        ACCOUNTING,
        "a statement by economic codes",
        _ROUNDING,
        _SUMS,
    ),
    CheckRule(
        "R1",
        Family.ROW,
        "每行：合计 = 基本支出 + 项目支出 + …；基本支出 = 人员经费 + 公用经费",
        "per row: total = Σ natures; basic = personnel + operating",
        ACCOUNTING,
        "columns (or rows) of natures",
        _ROUNDING,
        _OF_ROWS,
    ),
    CheckRule(
        "R2",
        Family.ROW,
        "每行：合计 = Σ 各项资金；财政拨款 = 一般公共预算 + 政府性基金 + 国有资本经营",
        "per row: total = Σ funds; fiscal appropriation = Σ its funds",
        ACCOUNTING,
        "columns (or revenue items) of funds",
        _ROUNDING,
        _OF_ROWS,
    ),
    CheckRule(
        "R3",
        Family.ROW,
        "本年数 = 上年数 + 增减变化",
        "this year = last year + the printed change",
        FORM,
        "columns or rows of two years and their change",
        _ROUNDING,
        "error; warning where one year is blank beside the change, which is taken for zero",
    ),
    CheckRule(
        "B1",
        Family.BALANCE,
        "收入总计 = 支出总计",
        "revenue total = expenditure total, in every half of the summary",
        ACCOUNTING,
        "`revenue_expenditure_summary` or `fiscal_appropriation_summary`",
        _SAME,
        "error",
    ),
    CheckRule(
        "X1",
        Family.CROSS,
        "收支总表与收入总表、支出总表一致",
        "the same amount in summary, revenue and expenditure tables",
        ACCOUNTING,
        "`revenue_expenditure_summary` and `revenue_summary` or `expenditure_summary`",
        _SAME,
        "error",
    ),
    CheckRule(
        "X2",
        Family.CROSS,
        "财政拨款支出 = 一般公共预算 + 政府性基金 + 国有资本经营支出（空表为零）",
        "fiscal appropriation = general public + government fund + state capital (an empty statement is zero)",
        ACCOUNTING,
        "`fiscal_appropriation_summary` and the statements of the funds",
        _SUM_OF_STATEMENTS,
        "error",
    ),
    CheckRule(
        "X3",
        Family.CROSS,
        "基本支出：按功能分类 = 按经济分类",
        "basic spending by function = by economic code",
        ACCOUNTING,
        "a statement by function with natures, and the basic statement of the same fund",
        _SAME,
        "error",
    ),
    CheckRule(
        "X4",
        Family.CROSS,
        "部门 = Σ 所属单位",
        "Σ units = department",
        ACCOUNTING,
        "rows of budget units below a total",
        _ROUNDING,
        "error",
    ),
    CheckRule(
        "X5",
        Family.CROSS,
        "项目支出 = Σ 项目；清单的上级行 = Σ 下级行",
        "Σ projects = project spending; a heading row of a list = Σ the rows below it",
        ACCOUNTING,
        "`project_expenditure` or `procurement`",
        _ROUNDING,
        _SUMS,
    ),
    CheckRule(
        "X6",
        Family.CROSS,
        "全部资金的基本（项目）支出 ≥ 其中一项资金的基本（项目）支出",
        "basic and project spending from all funds ≥ that from one fund",
        ACCOUNTING,
        "`expenditure_summary` and a statement of one fund, both with natures",
        _NONE,
        "warning",
    ),
    CheckRule(
        "T1",
        Family.THREE_PUBLIC,
        "“三公”经费 = 出国 + 接待 + 车辆；车辆 = 购置 + 运行",
        "三公 = abroad + reception + vehicles; vehicles = purchase + operation",
        FORM,
        "`three_public`",
        _ROUNDING,
        "error",
    ),
    CheckRule(
        "T2",
        Family.THREE_PUBLIC,
        "“三公”各项 ≥ 同一资金基本支出中相应经济科目",
        "each part of 三公 is at least its economic code in basic spending",
        FORM,
        "`three_public` and `general_public_basic_by_economic`",
        _NONE,
        "warning",
    ),
    CheckRule(
        "U1",
        Family.SIZE,
        "各表金额不超过收支总计（金额单位）",
        "no amount of a statement exceeds the whole budget: else its unit of money is wrong",
        "size of the amounts: 元 read as 万元 is a factor of 10,000",
        "`revenue_expenditure_summary` and another statement, of money that is in departments' budgets",
        _SAME,
        "error",
    ),
    CheckRule(
        "C1",
        Family.READING,
        "表中打印的数字全部入库",
        "every number printed in a statement is in the dataset",
        "completeness of the reading",
        "a statement with numbers",
        _NONE,
        "warning",
    ),
    CheckRule(
        "C2",
        Family.READING,
        "每页的字节完整无损",
        "the bytes that print a page are whole: its objects, what they compress, and the list of pages",
        "checksums and grammar of the file format (ISO 32000)",
        "a PDF",
        _NONE,
        "error; what stands on such a page is held back",
    ),
    CheckRule(
        "F1",
        Family.READING,
        "每个金额两次独立读取一致（单元格文字与页面文本层）",
        "each amount read twice: the number in its cell = the number that the text layer has at its place",
        "a second reading that shares no code with the first",
        "a number with a place on a page that has a text layer (no text dump, no spreadsheet)",
        "none: same digits, same point; a number that differs is held back",
        "warning",
    ),
    CheckRule(
        "G1",
        Family.READING,
        "每行金额从左到右与所在栏次顺序一致",
        "in each row the amounts stand in the order of their columns",
        "position of the numbers on the page",
        "a statement whose numbers have boxes (no text dump)",
        _NONE,
        "error",
    ),
    CheckRule(
        "L1",
        Family.READING,
        "末级行之和 = 该表打印的合计（按资金、支出性质、口径、单位）",
        "the leaves of a statement, fund, nature and measure, and of a unit, sum to the printed total",
        "what a sum over `is_leaf` promises",
        "a statement with a total over finer rows",
        _ROUNDING,
        "warning",
    ),
    CheckRule(
        "E1",
        Family.PROSE,
        "说明为空表的，表中无金额",
        "a statement said to be empty prints no amount",
        PROSE,
        "a sentence that there is no such fund, and its statement",
        _NONE,
        "warning",
    ),
    CheckRule(
        "N1",
        Family.PROSE,
        "文字说明中的金额 = 表中金额",
        "an amount in the narrative = the same amount in the statements",
        PROSE,
        "an amount that both state",
        "half of the coarser printed place",
        "warning",
    ),
    CheckRule(
        "N2",
        Family.PROSE,
        "占比、增减幅度与所述金额相符",
        "stated shares and changes follow from the stated amounts",
        PROSE,
        "a percentage and the amounts that it is of",
        _INTERVAL,
        "warning",
    ),
    CheckRule(
        "N3",
        Family.PROSE,
        "完成年初预算的百分比 = 决算数 ÷ 预算数",
        "the stated percentage of the budget = final account ÷ budget",
        PROSE,
        "a sentence with budget, final account and percentage",
        _INTERVAL,
        "warning",
    ),
    CheckRule(
        "N4",
        Family.PROSE,
        "预算单位数（本部以外的下属单位数 + 1）= 行政单位 + 参公单位 + 事业单位；编报绩效目标的项目数 ≥ 所列项目数",
        "budget units (or 1 + those beside the office) = administrative units + institutions; projects with targets ≥ those listed",
        PROSE,
        "a stated count and what it counts",
        _NONE,
        "warning",
    ),
    CheckRule(
        "P1",
        Family.PROSE,
        "政府采购 = 货物 + 工程 + 服务",
        "procurement = goods + works + services",
        PROSE,
        "the total and its parts in the narrative",
        _ROUNDING,
        "error; warning where not all three parts are stated",
    ),
    CheckRule(
        "P2",
        Family.TARGETS,
        "绩效指标权重之和 = 满分（100 或 90）",
        "indicator weights sum to the printed full mark",
        FORM,
        "weights of all indicators of a project",
        _NONE,
        "warning",
    ),
    CheckRule(
        "Y1",
        Family.YEARS,
        "上年数 = 同一部门上年文件所列数",
        "last year's figure, printed or implied by a change = last year's document",
        "the same department's document of the year before",
        "both documents in the dataset",
        "half of the printed places of all numbers",
        "warning",
        "dataset",
    ),
    CheckRule(
        "D1",
        Family.FILES,
        "同一次公开的各文件：同一报表的合计相同",
        "a total that several files of one disclosure print is the same in each",
        "the other files of the same body, year, kind and level",
        "a statement in two files of the dataset",
        "one printed place of the coarser number; what is carried forward may stand between 本年支出合计 and 支出总计",
        "error; warning where a sentence states one of them",
        "dataset",
    ),
)

RULES = {rule.id: rule for rule in CHECK_RULES}
"""The catalogue by check."""

RECONCILING = frozenset({Family.HIERARCHY, Family.ROW, Family.BALANCE, Family.CROSS})
"""Families that tell whether a document adds up."""

ALONG_ROWS = frozenset({Family.ROW, Family.THREE_PUBLIC})
"""Families that hold between the columns of a row."""

PRINTED_TWICE = frozenset({Family.BALANCE, Family.CROSS})
"""Families that compare a number with the same number in another place."""

SUMS_DOWN_ROWS = frozenset({"H1", "H2", "X5"})
"""Checks of a row that is the sum of finer ones, of which some may be withheld or lost."""


def catalogue_page() -> str:
    """Return `docs/checks.md`."""
    parts = [
        "# Checks",
        "",
        "Every check that is tried on every document, as declared in `schemas/check_catalogue.py`; this page is generated from there",
        "(`python -m schemas.check_catalogue > docs/checks.md`). Each check has three outcomes: `pass`, `fail`, and `not_applicable` with",
        "the reason. What did not run is never `pass`. What a failure says of a number is in [trust.md](trust.md); why it fails, in",
        "the table `findings`.",
        "",
        "`error` means that the reading or the publisher is wrong; `warning` is a difference that is no proof of a fault.",
    ]
    for rule in CHECK_RULES:
        parts += [
            "",
            f"## {rule.id}",
            "",
            f"{rule.chinese}",
            "",
            f"{rule.english[0].upper()}{rule.english[1:]}.",
            "",
            "| | |",
            "| --- | --- |",
            f"| source | {rule.source} |",
            f"| needs | {rule.needs} |",
            f"| tolerance | {rule.tolerance} |",
            f"| severity | {rule.severity} |",
            f"| tried on | each {rule.scope} |" if rule.scope == "document" else "| tried on | pairs of documents of the dataset |",
        ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(catalogue_page())
