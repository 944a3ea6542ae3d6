"""What sources gave, and the alerts that follow."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from pipeline.fetch.inbox import DocumentSaid, FollowedLink, Inbox, KnownPage, PageSaid
from pipeline.fetch.job import Hints
from pipeline.fetch.source_report import SourceReport, alerts_of, missing_against_last_year, reports_of

SOURCE = "http://czj.city.gov.cn/ys/"


def at(day: str) -> float:
    return datetime.fromisoformat(f"{day}T09:00:00+08:00").timestamp()


def give(inbox: Inbox, year: int, count: int, kind: str = "budget", status: str = "fetched") -> None:
    for number in range(count):
        said = DocumentSaid(hints=Hints(fiscal_year=str(year), kind=kind), source=SOURCE)
        address = f"{SOURCE}{year}/{kind}/{number}.pdf"
        if status == "fetched":
            inbox.had(address, inbox.keep(address.encode()), 1, said, at(f"{year}-03-01"))
        else:
            inbox.missed(address, status, "The address answers HTTP 404.", said, at(f"{year}-03-01"))


def page(status: str = "fetched", reason: str = "", links: int = 0, before: int = 0) -> KnownPage:
    said = PageSaid(links=(FollowedLink("http://h/a", "document"),) * links, links_before=before)
    return KnownPage(SOURCE, SOURCE, status, reason, 1, at("2026-03-02"), said)


@pytest.mark.parametrize(
    ("today", "kinds"),
    [("2026-02-01", []), ("2026-04-02", ["no_documents"]), ("2026-12-01", ["no_documents"])],
)
def test_a_source_that_gave_documents_last_year_and_none_this_year(tmp_path: Path, today: str, kinds: list[str]) -> None:
    inbox = Inbox(tmp_path)
    inbox.begin(0)
    give(inbox, 2025, 5)
    inbox.put_page(page())
    (report,) = reports_of(inbox)
    assert report.years == {"2025": 5} and report.last_success == at("2026-03-02")
    assert [alert.kind for alert in alerts_of([report], at(today))] == kinds
    inbox.close()


def test_a_source_that_gives_fewer_and_one_that_gives_as_many(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.begin(0)
    give(inbox, 2025, 10)
    give(inbox, 2026, 7)
    give(inbox, 2026, 2, status="failed", kind="final_account")
    (report,) = reports_of(inbox)
    assert missing_against_last_year(report, at("2026-04-02")) == [("2026", "budget", 10, 7)]
    assert [alert.kind for alert in alerts_of([report], at("2026-04-02"))] == ["fewer_documents"]
    assert report.missed == {"failed": 2}
    report.documents["2026", "budget"] = 8
    assert missing_against_last_year(report, at("2026-04-02")) == []
    inbox.close()


def test_an_office_that_gave_a_budget_last_year_and_none_this_year(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.begin(0)
    for year, offices in ((2025, "甲乙丙"), (2026, "甲丙")):
        for office in offices:
            hints = Hints(fiscal_year=str(year), kind="budget")
            said = DocumentSaid(hints=hints, source=SOURCE, page_title=f"{office}局{year}年部门预算")
            inbox.had(f"{SOURCE}{year}{ord(office)}", inbox.keep(f"{year}{office}".encode()), 1, said, at(f"{year}-03-01"))
    reports = reports_of(inbox)
    inbox.close()
    assert [alert.kind for alert in alerts_of(reports, at("2026-03-01"))] == []
    (told,) = [alert for alert in alerts_of(reports, at("2026-04-02")) if alert.kind == "missing_offices"]
    assert told.text.endswith("under: 乙局年部门预算.")


def test_final_accounts_are_of_the_year_before() -> None:
    report = SourceReport(SOURCE)
    report.documents["2024", "final_account"] = 3
    assert missing_against_last_year(report, at("2026-09-30")) == []
    assert missing_against_last_year(report, at("2026-10-01")) == [("2025", "final_account", 3, 0)]


def test_a_source_that_fails_and_a_page_that_changed(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.begin(0)
    inbox.put_page(page("failed", "The host refuses the connection."))
    assert [alert.kind for alert in alerts_of(reports_of(inbox), at("2026-03-03"))] == ["source_failed"]
    inbox.put_page(page(links=1, before=40))
    (alert,) = alerts_of(reports_of(inbox), at("2026-03-03"))
    assert alert.kind == "page_changed" and "led to 40" in alert.text
    inbox.close()
