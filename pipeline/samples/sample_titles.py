"""Words of statements: titles in their variants, headings of funds, the 类 that summaries list.

Belongs here: what is printed around the figures. Does not belong here: figures.
"""

from __future__ import annotations

from pipeline.samples.sample_sheets import Layout

TITLES = {
    "revenue_expenditure_summary": (
        "收支总表",
        "{year}年部门收支预算总表",
        "收支总体情况表",
        "{year}年部门财务收支预算总表",
        "部门综合预算收支总表",
    ),
    "revenue_summary": ("收入总表", "{year}年部门收入预算总表", "收入总体情况表", "部门收入总体情况表"),
    "expenditure_summary": ("支出总表", "{year}年部门支出预算总表", "支出总体情况表", "部门支出总体情况表", "本年支出总体情况表"),
    "expenditure_by_unit": ("{year}年部门支出预算分单位明细表",),
    "fiscal_appropriation_summary": (
        "财政拨款收支总表",
        "{year}年部门财政拨款收支预算总表",
        "财政拨款收支总体情况表",
        "部门综合预算财政拨款收支总表",
    ),
    "fiscal_appropriation_by_function": ("财政拨款支出表（功能科目）", "{year}年部门财政拨款支出预算表"),
    "general_public_by_function": (
        "一般公共预算支出表",
        "{year}年部门一般公共预算支出功能分类预算表",
        "一般公共预算支出情况表（按功能分类科目）",
        "一般公共预算拨款支出预算表",
    ),
    "general_public_basic_by_economic": (
        "一般公共预算基本支出表",
        "{year}年部门一般公共预算基本支出部门预算经济分类预算表",
        "一般公共预算基本支出情况表（按经济分类科目）",
        "一般公共预算基本支出经济分类情况表",
    ),
    "government_fund_by_function": ("政府性基金预算支出表", "{year}年部门政府性基金预算支出功能分类预算表", "政府性基金预算支出情况表"),
    "state_capital_by_function": ("国有资本经营预算支出表", "{year}年部门国有资本经营预算支出预算表", "国有资本经营预算支出情况表"),
    "three_public": ("财政拨款“三公”经费预算表", "部门“三公”经费预算表", "“三公”经费支出情况表"),
    "project_expenditure": ("项目支出预算表", "{year}年部门项目支出预算表", "部门项目支出总表"),
}
"""Variants of each statement's title, as publishers print them."""

FINAL_TITLES = {
    "revenue_expenditure_summary": ("收入支出决算总表",),
    "revenue_summary": ("收入决算表",),
    "expenditure_summary": ("支出决算表",),
    "fiscal_appropriation_summary": ("财政拨款收入支出决算总表",),
    "general_public_by_function": ("一般公共预算财政拨款支出决算表",),
    "general_public_basic_by_economic": ("一般公共预算财政拨款基本支出决算表", "一般公共预算财政拨款基本支出决算明细表"),
    "three_public": ("财政拨款“三公”经费支出决算表",),
    "state_capital_by_function": ("国有资本经营预算财政拨款支出决算表",),
}
"""The same of a final account."""

FUND_HEADINGS = {
    "general_public": "一般公共预算",
    "government_fund": "政府性基金预算",
    "state_capital": "国有资本经营预算",
    "special_account": "财政专户管理资金",
    "business": "事业收入",
    "other": "其他收入",
    "carryover": "上年结转",
}
"""What the column of a fund is headed."""

CLASSES = (
    "201 一般公共服务支出,202 外交支出,203 国防支出,204 公共安全支出,205 教育支出,206 科学技术支出,207 文化旅游体育与传媒支出,"
    "208 社会保障和就业支出,210 卫生健康支出,211 节能环保支出,212 城乡社区支出,213 农林水支出,214 交通运输支出,"
    "215 资源勘探工业信息等支出,216 商业服务业等支出,217 金融支出,219 援助其他地区支出,220 自然资源海洋气象等支出,221 住房保障支出,"
    "222 粮油物资储备支出,223 国有资本经营预算支出,224 灾害防治及应急管理支出,229 其他支出"
)
"""The 类 that a 收支 table lists."""

_DIGITS = "零一二三四五六七八九"


def ordinal(number: int) -> str:
    """Return 1–99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else _DIGITS[tens]) + "十" if tens else "") + (_DIGITS[ones] if ones else "")


def title_of(statement: str, layout: Layout, year: int) -> str:
    """Return the statement's title in the layout's variant."""
    variants = (FINAL_TITLES if layout.final else TITLES)[statement]
    return variants[layout.titles % len(variants)].format(year=year)
