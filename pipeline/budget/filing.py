"""Under which fiscal year and province a document is filed.

Belongs here: the years and provinces that the dataset has places for, and the place of what is known too little about.
"""

from __future__ import annotations

UNKNOWN_YEAR = 0
UNKNOWN_PROVINCE = "unknown"
FIRST_YEAR = 2008
"""Departments publish their budgets since the regulation on open government information came into force in 2008."""

LAST_YEAR = 2035

YEARS = (UNKNOWN_YEAR, *range(FIRST_YEAR, LAST_YEAR + 1))
_LETTERS = "AH BJ CQ FJ GD GS GX GZ HA HB HE HI HK HL HN JL JS JX LN MO NM NX QH SC SD SH SN SX TJ TW XJ XZ YN ZJ"
PROVINCES = ("CN", *(f"CN-{letters}" for letters in _LETTERS.split()), UNKNOWN_PROVINCE)
"""`CN` for central bodies, ISO 3166-2 codes for the provinces, `unknown` for documents that do not say."""


def partition_of_document(year: int | None, province: str | None) -> tuple[int, str]:
    """Return the year and province that a document is filed under: 0 and `unknown` for what is unknown or has no place."""
    filed_year = year if year is not None and year in YEARS else UNKNOWN_YEAR
    filed_province = province if province is not None and province in PROVINCES else UNKNOWN_PROVINCE
    return filed_year, filed_province
