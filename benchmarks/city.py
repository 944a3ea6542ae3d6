"""A made city on loopback: a portal and forty offices, each on a host of its own, whose budgets appear, are corrected and move.

Belongs here: what is served on which day, and what goes wrong with it. What is fetched of it, and must come of that, is in `season.py`.
"""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from pipeline.samples.layouts import SampleDocument, print_budget
from pipeline.samples.sample_budget import random_budget
from pipeline.samples.sample_sheets import Layout
from tests.pipeline.document.forms.offices import as_web_page, as_word, as_workbook
from tests.pipeline.fetch.sites import Served, Site, listing, served

_MATTERS = (
    "教育文化财政民政水利交通住房城市环境卫生医保体育农业林业园林统计安全商务应急信息"
    "能源海洋旅游科技国资人事档案福利保障建设资源公共劳动水务机关管理规划年金监管地理"
)
OFFICES = [f"示范{_MATTERS[at : at + 2]}局" for at in range(0, len(_MATTERS), 2)]
ON_A_PAGE = 9
"""Offices on one page of the portal's list: thirty-nine are five pages."""

PORT = 8817
"""Of every host of the city, so that a season that is gone on with finds the same addresses."""

DOWN, DRIPS, BUSY, FORBIDS, CORRECTED, CORRECTED_BESIDE, MOVES, NONE = 0, 7, 8, 9, 14, 21, 12, 13
"""Offices to which something happens: their places in the list. The host that is down is a source of its own, the portal lists it not."""

NIGHTS, CORRECTIONS = 4, 3
"""Nights of a season, and the one in which budgets are corrected."""

FORMS = ("pdf", "pdf", "pdf", "zip", "xlsx", "docx", "html")
"""What an office discloses its budget as, by its place in the list; `html` is its page itself."""

FIRST, SECOND = range(20), range(20, 40)
"""Offices by the day on which they publish."""


def printed(office: str, year: int, seed: int) -> SampleDocument:
    """Return an office's budget; another seed has the same rows with other amounts, as a correction has."""
    made = random_budget(random.Random(f"{office} {year}"), quantum=Decimal(100 * (1 + seed)), units=2)
    made = replace(made, fiscal_year=year, department=f"青岛市{office}")
    return print_budget(made, Layout(codes="joined", split_basic=True))


def _packed(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("budget.pdf"), data)
    return packed.getvalue()


_MADE = {"pdf": lambda made: made.data, "zip": lambda made: _packed(made.data), "xlsx": as_workbook, "docx": as_word, "html": as_web_page}


@dataclass
class City:
    """A portal and its offices, each on a host of its own.

    Attributes:
        folder: where documents are kept once made: a workbook made again says another time.
        portal, offices: the sites.
        published, corrections: fiscal year → offices, by their places in the list.
    """

    folder: Path
    portal: Site
    offices: list[Site]
    published: dict[int, set[int]] = field(default_factory=dict)
    corrections: dict[int, set[int]] = field(default_factory=dict)

    @property
    def sites(self) -> list[Site]:
        """All hosts."""
        return [self.portal, *self.offices]

    def source_of(self, number: int, year: int) -> str:
        """Return the address of an office's page of one year."""
        moved = "new" if number == MOVES and self.corrections.get(year) else "ys"
        return f"{self.offices[number].address}/{moved}/{year}.html"

    def pass_day(self, day: int, year: int) -> str:
        """Let what happens on a day of a season happen; return it in words."""
        if day < 2:
            self._publish(year, (FIRST, SECOND)[day])
        if day == CORRECTIONS:
            self._correct(year)
        words = ("half of the offices; one drips, one is busy", "a host down; the other half", "still down; nothing new")
        return (*words, "up again; two corrections, a page moved")[day]

    def _publish(self, year: int, which: range) -> None:
        for number in which:
            if number == NONE and year == 2026:
                continue
            self.published.setdefault(year, set()).add(number)
            self._office(number, year)
        self._list(year)

    def _list(self, year: int) -> None:
        """Write the portal's list over five pages, with links to further pages in two ways."""
        shown = sorted(self.published[year] - {DOWN})
        pages = [shown[start : start + ON_A_PAGE] for start in range(0, len(shown), ON_A_PAGE)]
        title = f"{year}年部门预算公开"
        for page, numbers in enumerate(pages):
            links = [(self.source_of(number, year), self._named(number, year)) for number in numbers]
            further = f'<script>createPageHTML({len(pages)}, {page}, "index", "html");</script>' if year == 2025 else ""
            if year == 2026 and page + 1 < len(pages):
                further = f'<a href="index_{page + 1}.html">下一页</a>'
            noise = '<p><a href="/zf.pdf">某市2026年政府预算草案</a></p><p><a href="/jd.html">部门预算解读</a></p>'
            self.portal.page(f"/ys/index{f'_{page}' if page else ''}.html", listing(title, *links, more=further + noise))

    def _named(self, number: int, year: int) -> str:
        return OFFICES[number] if number % 3 == 0 else f"{OFFICES[number]}{year}年部门预算"

    def _document(self, number: int, year: int, seed: int) -> bytes:
        form = FORMS[number % len(FORMS)]
        kept = self.folder / f"{number}-{year}-{seed}.{form}"
        if not kept.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(_MADE[form](printed(OFFICES[number], year, seed)))
        return kept.read_bytes()

    def _office(self, number: int, year: int, seed: int = 0) -> None:
        """Write an office's page in one of three structures, and what it attaches."""
        site, form = self.offices[number], FORMS[number % len(FORMS)]
        title = f"{OFFICES[number]}{year}年部门预算"
        page = self.source_of(number, year).removeprefix(site.address)
        data = self._document(number, year, seed)
        if form == "html":
            site.page(page, data.decode().replace("<head>", f"<head><title>{title}</title>"))
            return
        path = f"/files/{year}.{form}"
        site.document(path, data)
        link = (
            f'<a href="{path}">附件：{title}.{form}</a>',
            f'<a href="javascript:void(0)" onclick="window.open(\'{path}\')">{title}</a>',
            f'<iframe src="{path}"></iframe>',
            f'<span data-url="{path}">{title}</span>',
            f'<a href="{path}">{title}</a>',
            f"<a href=\"javascript:downFile('{path}','{year}')\">{title}</a>",
        )[number % len(FORMS)]
        encoding = "gbk" if number % 2 else "utf-8"
        html = (
            listing(title, more=f"<div class='fujian'><p>{link}</p></div>"),
            f"<html><head><meta charset=utf-8><title>{title}</title></head><body><table><tr><td>1<td>{link}</table></body></html>",
            f"<html><head><meta charset=utf-8><title>{title}</title></head><body><div id=c1><ul><li>{link}</ul></div></body></html>",
        )[number % 3]
        site.page(page, html.replace("utf-8", encoding), encoding=encoding)

    def _correct(self, year: int) -> None:
        """Correct two budgets, one in its place and one beside it, and move a page."""
        self.corrections[year] = {CORRECTED, CORRECTED_BESIDE}
        self._office(CORRECTED, year, seed=1)
        office, site = OFFICES[CORRECTED_BESIDE], self.offices[CORRECTED_BESIDE]
        site.document(f"/files/{year}b.pdf", self._document(CORRECTED_BESIDE, year, 1))
        title = f"{office}{year}年部门预算"
        links = ((f"/files/{year}.pdf", title), (f"/files/{year}b.pdf", f"{title}（更正）"))
        site.page(f"/ys/{year}.html", listing(title, *links))
        moving = self.offices[MOVES]
        moving.pages[f"/new/{year}.html"] = moving.pages.pop(f"/ys/{year}.html")
        self._list(year)


@contextmanager
def city(folder: Path) -> Iterator[City]:
    """Serve a city."""
    with ExitStack() as stack:
        offices = [stack.enter_context(served(f"127.0.1.{number + 1}", port=PORT)) for number in range(len(OFFICES))]
        made = City(folder / "made", stack.enter_context(served("127.0.0.2", port=PORT)), offices)
        offices[FORBIDS].pages["/robots.txt"] = Served(b"User-agent: *\nDisallow: /files/\n")
        yield made


def _drip(answer: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, and give up: who waits as long as the program allows, three times over, waits for nine minutes."""
    answer.send_response(200)
    answer.send_header("Content-Length", "100000")
    answer.end_headers()
    for _ in range(30):
        answer.wfile.write(b"x")
        answer.wfile.flush()
        time.sleep(0.1)
    answer.close_connection = True


@contextmanager
def troubled(made: City, day: int, year: int) -> Iterator[None]:
    """Let one host be down on the second and third day, one drip on the first, and one ask to be left alone for two seconds."""
    kept: list[tuple[Site, str, Served]] = []

    def instead(number: int, path: str, answer: Served) -> None:
        site = made.offices[number]
        if path in site.pages:
            kept.append((site, path, site.pages[path]))
            site.pages[path] = answer

    if day in (1, 2):
        for path in list(made.offices[DOWN].pages):
            instead(DOWN, path, Served(write=lambda answer: setattr(answer, "close_connection", True)))
        kept.append((made.offices[DOWN], "/robots.txt", Served(b"", 404)))
        made.offices[DOWN].pages["/robots.txt"] = Served(write=lambda answer: setattr(answer, "close_connection", True))
    if day == 0:
        instead(DRIPS, f"/files/{year}.pdf", Served(write=_drip))
        first = iter([Served(b"", 429, {"Retry-After": "2", "Content-Length": "0"})])
        usual = made.offices[BUSY].pages.get(f"/ys/{year}.html")

        def busy(answer: BaseHTTPRequestHandler) -> None:
            found = next(first, usual)
            assert found is not None
            answer.send_response(found.status)
            for name, value in {"Content-Length": str(len(found.body)), **found.headers}.items():
                answer.send_header(name, value)
            answer.end_headers()
            answer.wfile.write(found.body)

        instead(BUSY, f"/ys/{year}.html", Served(write=busy))
    try:
        yield
    finally:
        for site, path, answer in kept:
            site.pages[path] = answer
