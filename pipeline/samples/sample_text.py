"""Text of the samples: the sentences around the figures, and tables as they look once their columns are lost.

Belongs here: wording, hard wraps, flattened tables. Does not belong here: figures, PDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipeline.samples.sample_budget import Budget
from pipeline.samples.sample_sheets import ExpectedLine, Layout, Sheet
from pipeline.samples.sample_statements import build
from pipeline.samples.sample_titles import ordinal

_TEN_THOUSAND = Decimal(10_000)


def in_wan(amount: Decimal, places: int = 2) -> str:
    """Return yuan as the narrative prints it: in 万元, rounded half up to `places`, without trailing zeros where it is 0."""
    if not amount:
        return "0"
    return f"{(amount / _TEN_THOUSAND).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"


def percent(part: Decimal, whole: Decimal) -> str:
    """Return `part` of `whole` in percent with two places."""
    return f"{(part / whole * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def _change(amount: Decimal, change: str | None, reason: str) -> str:
    """The clause on the year before; no figure known is 与上年基本持平."""
    if change is None:
        return "与上年基本持平"
    difference = Decimal(change)
    up = difference > 0
    return (
        f"比上年执行数{'增加' if up else '减少'}{in_wan(abs(difference))}万元，"
        f"{'增长' if up else '下降'}{percent(abs(difference), amount - difference)}，主要原因是{reason}"
    )


def narrative(budget: Budget, figures: dict[str, Any], *, targets: bool = True) -> list[str]:
    """Return the budget's 情况说明 as paragraphs; those that begin with # are headings.

    Args:
        budget: what the amounts are taken from.
        figures: its figure file: `changes` (by code or `total`) and `procurement`.
        targets: with the first project's performance targets as a table fallen into lines.
    """
    return [
        *_body(budget),
        *_whole(budget, figures["changes"]),
        *_fiscal(budget, figures["changes"]),
        *_basic(budget),
        *_three_public(budget),
        *_performance(budget),
        *(_targets(budget) if targets else ()),
        *_other(budget, figures),
        "#五、名词解释",
        "财政拨款收入：由本级财政当年安排给部门的资金。",
        "基本支出：维持机构运转、完成日常工作所需的人员支出与公用支出。",
        "项目支出：为特定任务在基本支出之外安排的支出。",
    ]


def _body(budget: Budget) -> Iterator[str]:
    yield "#一、部门基本情况"
    yield f"（一）主要职能：{budget.department}是为演示数据处理而设想的机构，承担意见登记、答复督办和定期汇总等工作。"
    kinds = f"其中：行政单位1家、事业单位{len(budget.units) - 1}家。" if len(budget.units) > 1 else "其中：行政单位1家。"
    names = "、".join(name for _, name in budget.units)
    yield f"（二）机构设置：本部门共有预算单位{len(budget.units)}家，{kinds}具体为：{names}。"


def _whole(budget: Budget, changes: dict[str, str]) -> Iterator[str]:
    total, fiscal, business = budget.amount(), budget.amount(fund="fiscal_appropriation"), budget.amount(fund="business")
    change = _change(total, changes.get("total"), "受理渠道增加、坐席扩充")
    classes = "，".join(f"{budget.names[c]}（类）{in_wan(budget.amount(c))}万元" for c in budget.functions() if len(c) == 3)
    yield "#二、部门预算总体情况"
    yield "（一）收支预算总体情况"
    yield "1.收入预算总体情况"
    yield f"收入预算总计{in_wan(total)}万元，{change}。"
    yield (
        f"其中：本年财政拨款收入{in_wan(fiscal)}万元，财政专户管理资金收入0万元，事业收入{in_wan(business)}万元，"
        "事业单位经营收入0万元，其他收入0万元，上年结转0万元。"
    )
    yield "2.支出预算总体情况"
    yield f"支出预算总计{in_wan(total)}万元，{change}。"
    yield f"按支出功能分类：{classes}。"
    yield f"按支出用途分类：基本支出{in_wan(budget.amount(nature='basic'))}万元，项目支出{in_wan(budget.amount(nature='project'))}万元。"


def _fiscal(budget: Budget, changes: dict[str, str]) -> Iterator[str]:
    public, fund = budget.amount(fund="general_public"), budget.amount(fund="government_fund")
    codes = budget.functions(funds=("general_public",))
    shares = "；".join(
        f"{budget.names[c]}（类）支出{in_wan(part)}万元，占{percent(part, public)}"
        for c in codes
        if len(c) == 3 and (part := budget.amount(c, fund="general_public"))
    )
    yield "（二）财政拨款收支预算情况"
    yield "1.财政拨款收入预算情况"
    yield f"财政拨款收入预算总计{in_wan(public + fund)}万元，{_change(public + fund, changes.get('total'), '受理渠道增加、坐席扩充')}。"
    yield (
        f"其中：一般公共预算拨款收入{in_wan(public)}万元，政府性基金预算拨款收入{in_wan(fund)}万元，"
        "国有资本经营预算收入0万元，上年结转0万元。"
    )
    yield "2.一般公共预算财政拨款支出预算情况"
    yield f"结构情况。一般公共预算支出合计为{in_wan(public)}万元，其中：{shares}。"
    yield "具体使用情况。"
    for code in codes:
        if len(code) == 7:
            amount = budget.amount(code, fund="general_public")
            path = f"{budget.names[code[:3]]}（类）{budget.names[code[:5]]}（款）{budget.names[code]}（项）"
            change = _change(amount, changes.get(code), "人员和工作量有变化")
            yield f"{path}预算为{in_wan(amount)}万元，主要用于{_use(budget.names[code])}。{change}。"
    if not fund:
        yield "3.政府性基金财政拨款支出预算情况"
        yield f"本部门{budget.fiscal_year}年度没有使用政府性基金预算拨款安排的支出。"


def _use(name: str) -> str:
    """What a 项 is spent on, in a few words."""
    for word, use in (("运行", "维持机构正常运转"), ("保险", "缴纳职工社会保险"), ("年金", "缴纳职工社会保险"), ("医疗", "职工医疗保障")):
        if word in name:
            return use
    return "退休职工管理服务" if "退休" in name else "完成专项工作任务"


def _basic(budget: Budget) -> Iterator[str]:
    def public(code: str = "", nature: str = "basic") -> str:
        return in_wan(budget.amount(economic=code, fund="general_public", nature=nature))

    yield "（三）一般公共预算基本支出预算情况"
    yield (
        f"按部门预算支出经济分类科目，一般公共预算基本支出合计{public()}万元，其中人员经费{public(nature='basic_personnel')}万元，"
        f"公用经费{public(nature='basic_operating')}万元。具体为："
    )
    for number, code in enumerate((c for c in budget.economics() if len(c) == 3), 1):
        yield f"{number}．{budget.names[code]}{public(code)}万元。"


def _three_public(budget: Budget) -> Iterator[str]:
    three = budget.three_public
    yield "（四）一般公共预算“三公”经费预算情况"
    yield f"一般公共预算“三公”经费预算数合计{in_wan(three.total)}万元。其中："
    yield f"1.因公出国（境）经费{in_wan(three.abroad)}万元，主要用于出访交流。"
    yield f"2.公务接待费支出{in_wan(three.reception)}万元，主要用于工作往来接待。"
    yield (
        f"3.公务用车购置及运行费支出{in_wan(three.vehicles)}万元。其中，公务用车购置支出{in_wan(three.vehicle_purchase)}万元；"
        f"公务用车运行费支出{in_wan(three.vehicle_operation)}万元。"
    )


def _performance(budget: Budget) -> Iterator[str]:
    amount = budget.amount(fund="fiscal_appropriation", nature="project")
    yield "#三、预算绩效情况"
    yield f"{budget.fiscal_year}年，本部门财政性资金安排的项目实现绩效目标全覆盖，涉及当年财政拨款资金{in_wan(amount)}万元。"


def _targets(budget: Budget) -> Iterator[str]:
    unit, project = budget.projects()[0]
    cost = in_wan(budget.amount(unit=unit, project=project))
    yield from (
        "项目支出绩效目标表",
        f"单位名称 {dict(budget.units)[unit]}",
        f"项目名称 {project}",
        f"项目资金（万元） {cost.replace(',', '')}",
        f"其中：财政拨款（万元） {cost.replace(',', '')}",
        "绩效目标 按时受理、按时答复，服务稳定",
        "绩效指标 指标名称 计算符号 指标值 计量单位 权重",
        "产出指标 数量 受理事项数量 ≥ 360 万件 40%",
        "质量 登记差错率 ≤ 0.8 % 20%",
        "时效 服务期限 ＝ 1 年 10%",
        "满意度指标 满意度 答复满意率 ≥ 95 % 30%",
    )


def _other(budget: Budget, figures: dict[str, Any]) -> Iterator[str]:
    year, running = budget.fiscal_year, budget.three_public.agency_operating
    change = figures["changes"].get("agency_operating")
    said = ""
    if change:
        difference = Decimal(change)
        less = f"减少{in_wan(abs(difference))}万元，下降{percent(abs(difference), running - difference)}"
        said = f"，比上年预算数{less}，主要原因是物业费不再由本部门列支"
    bought = {kind: Decimal(value) for kind, value in figures["procurement"].items()}
    yield "#四、其他重要事项的情况说明"
    yield f"1.机关运行经费情况。{year}年，本部门1家行政单位的机关运行经费财政拨款预算{in_wan(running)}万元{said}。"
    yield (
        f"2.政府采购情况。{year}年，本部门政府采购预算总额{in_wan(sum(bought.values(), Decimal(0)))}万元，"
        f"其中：政府采购货物{in_wan(bought['goods'])}万元、政府采购工程{in_wan(bought['works'])}万元、政府采购服务{in_wan(bought['services'])}万元。"
    )
    yield f"3.国有资产情况。截至{year - 1}年12月31日，本部门共有公务用车0辆；单位价值50万元以上的通用设备0台（套）。"


def hard_wrapped(paragraphs: Iterable[str], width: int = 30) -> str:
    """Return paragraphs as a text dump has them: broken after `width` characters (never inside a number), blank lines between."""
    lines: list[str] = []
    for paragraph in paragraphs:
        text, line = paragraph.lstrip("#"), ""
        for at, c in enumerate(text):
            line += c
            inside = at + 1 < len(text) and c in "0123456789.," and text[at + 1] in "0123456789.,%"
            if len(line) >= width and not inside:
                lines.append(line)
                line = ""
        lines += [line] if line else []
    return "\n\n".join(lines) + "\n"


def flattened(sheet: Sheet, layout: Layout, department: str, *, number: int, rows_per_page: int = 16) -> str:
    """Return a sheet as bare text: columns lost, blank cells without a trace, title and headings after the rows.

    Each page of the table repeats its headings; pages are set apart by empty lines.
    """
    headings = [text for row in sheet.heading_rows() for *_, text in row]
    marks = " ".join(h for h in headings if h in ("类", "款", "项"))
    scattered = [h for h in headings if h not in ("类", "款", "项")]
    pages = [sheet.rows[n : n + rows_per_page] for n in range(0, len(sheet.rows), rows_per_page)]
    parts: list[str] = []
    for n, rows in enumerate(pages):
        body = ["\n".join([f"部门预算{number:02d}表", "", f"单位：{layout.unit}"])] if n == 0 else []
        body += [marks] if marks else []
        body += [" ".join(cell.text.strip("　 ") for cell in row if cell.text.strip("　 ")) for row in rows]
        foot = [] if n else [sheet.title, f"编制部门：{department}"]
        parts.append("\n\n".join([*(line for line in body if line), *foot, " ".join(scattered)]))
    return "\n\n\n\n".join(parts)


def tables_text(budget: Budget, figures: dict[str, Any]) -> tuple[str, list[ExpectedLine]]:
    """Return the sample of flattened tables with its short narrative, and the lines that its tables state."""
    year, total = budget.fiscal_year, budget.amount()
    whole = Layout(codes="columns", unit="元", decimals=0, titles=1, total="bottom", all_classes=False, appropriation=True)
    tables: list[str] = []
    lines: list[ExpectedLine] = []
    for number, statement in enumerate(
        (
            "revenue_expenditure_summary",
            "revenue_summary",
            "expenditure_summary",
            "expenditure_by_unit",
            "fiscal_appropriation_summary",
            "general_public_by_function",
            "government_fund_by_function",
            "general_public_basic_by_economic",
            "three_public",
        ),
        1,
    ):
        layout = replace(
            whole,
            wide_halves=statement == "fiscal_appropriation_summary",
            split_basic=statement == "general_public_basic_by_economic",
        )
        if statement == "three_public":
            layout = replace(layout, unit="万元", decimals=2)
        sheet = build(statement, budget, layout)
        tables.append(flattened(sheet, layout, budget.department, number=number))
        lines += sheet.meanings()
    classes = [
        f"    {n}. “{budget.names[c]}”科目{in_wan(budget.amount(c), 0)}万元，主要用于{_use(budget.names[c])}等支出。"
        for n, c in enumerate((c for c in budget.functions() if len(c) == 3), 1)
    ]
    head = [
        f"{budget.department}主要职能",
        f"    {budget.department}是为演示数据处理而设想的机构，承担意见登记、答复督办和定期汇总等工作。",
        f"{year}年部门预算编制说明",
        f"    {year}年，{budget.department}预算支出总额为{in_wan(total, 0)}万元，其中：财政拨款支出预算{in_wan(total, 0)}万元。"
        f"财政拨款支出预算中，一般公共预算拨款支出预算{in_wan(total, 0)}万元，政府性基金拨款支出预算0万元。财政拨款支出主要内容如下：",
        *classes,
    ]
    three = budget.three_public
    bought = {kind: in_wan(Decimal(value), 0) for kind, value in figures["procurement"].items()}
    tail = [
        "其他相关情况说明",
        f"    {ordinal(1)}、{year}年“三公”经费预算情况说明",
        f"    {year}年“三公”经费预算数为{in_wan(three.total)}万元，与{year - 1}年预算持平。其中：",
        f"   （一）因公出国（境）费{in_wan(three.abroad)}万元，与{year - 1}年预算持平。",
        f"   （二）公务用车购置及运行费{in_wan(three.vehicles)}万元，与{year - 1}年预算持平。",
        f"   （三）公务接待费{in_wan(three.reception)}万元，与{year - 1}年预算持平。",
        f"    {ordinal(2)}、机关运行经费预算",
        f"    {year}年{budget.department}下属1家机关单位财政拨款的机关运行经费预算为{in_wan(three.agency_operating)}万元。",
        f"    {ordinal(3)}、政府采购预算情况",
        f"    {year}年本部门政府采购预算{bought['services']}万元，其中：政府采购货物预算{bought['goods']}万元、"
        f"政府采购工程预算{bought['works']}万元、政府采购服务预算{bought['services']}万元。",
    ]
    return "\n\n".join(head) + "\n\n\n\n" + "\n\n\n\n".join(tables) + "\n\n\n\n" + "\n\n".join(tail) + "\n", lines
