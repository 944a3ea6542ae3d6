"""One statement of spending as the tests of workbooks write it in their forms: its title, header and rows."""

from __future__ import annotations

HEADER = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
ROWS: tuple[tuple[object, ...], ...] = (
    ("", "合计", 300.5, 200.25, 100.25),
    ("201", "一般公共服务支出", 300.5, 200.25, 100.25),
    ("20103", "政府办公厅（室）及相关机构事务", 300.5, 200.25, 100.25),
    ("2010301", "行政运行", 200.25, 200.25, None),
    ("2010302", "一般行政管理事务", 100.25, None, 100.25),
)
TITLE, BODY, UNIT = "2024年部门支出总表", "部门：清风数据局", "单位：万元"
