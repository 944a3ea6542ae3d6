"""The rules that hold the house together: imports run one way, only the edge knows Dagster, and no place decides anything."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from schemas.classification.places import regions

ROOT = Path(__file__).resolve().parents[1]
MAY_IMPORT = {"schemas": {"schemas"}, "pipeline": {"schemas", "pipeline"}, "assets": {"schemas", "pipeline", "assets"}}
MODULES = sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))
WORDS = sorted(path for path in (ROOT / "schemas" / "vocabulary").rglob("*.csv"))

TRANSLITERATED = re.compile(
    r"(?<![a-z])(beijing|changsha|fuzhou|guangzhou|hangzhou|jiangsu|shanghai|shenzhen|suzhou|wuxi|xi'?an|yantai)(?![a-z])",
    re.IGNORECASE,
)
TIME_ZONE = re.compile(r"Asia/[A-Z][a-z]+")


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(path.relative_to(ROOT).parts[0] if node.level else (node.module or "").partition(".")[0])
    return found


def imported_in_functions(path: Path) -> set[str]:
    """Return the modules that functions of a module import from."""
    functions = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]
    return {inner.module for node in functions for inner in ast.walk(node) if isinstance(inner, ast.ImportFrom) and inner.module}


def place_names() -> re.Pattern[str]:
    """Provinces and prefectures by their short names, as one expression."""
    ending = re.compile(r"(?:壮族|回族|维吾尔)?自治区$|特别行政区$|[省市]$|地区$|盟$")
    names = {ending.sub("", region.region_name) for region in regions().values() if 1 <= region.level <= 2}
    return re.compile("|".join(sorted((re.escape(n) for n in names if len(n) >= 2 and not n.startswith("省直")), key=len, reverse=True)))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    assert imported(path) & set(MAY_IMPORT) <= MAY_IMPORT[package]
    if package != "assets":
        assert not {name for name in imported(path) if name.startswith("dagster")}


def test_no_place_is_named_in_code_or_vocabulary() -> None:
    chinese = place_names()
    named = []
    for path in (*MODULES, *WORDS):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            line = TIME_ZONE.sub("", line)
            if match := chinese.search(line) or TRANSLITERATED.search(line):
                named.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    assert not named


def test_the_search_for_places_finds_them() -> None:
    assert place_names().search("department = '上海市财政局'")
    assert place_names().search("if 西安 in title")
    assert TRANSLITERATED.search("def read_shenzhen_table")


def loaded_of(names: set[str], program: str, *arguments: str) -> list[str]:
    """Run a program in a process of its own, and return which of the modules it has loaded at its end."""
    show = f"\nimport sys; print('\\n', sorted({names!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program + show, *arguments], capture_output=True, text=True, check=True, cwd=ROOT)
    return ast.literal_eval(done.stdout.splitlines()[-1].strip())


def test_only_a_worker_that_asks_it_loads_camelot() -> None:
    """Neither the process that builds nor the one that workers are forked from: it brings a second parser of PDF, and OpenCV."""
    load = "import assets.cli.commands, pipeline.build, pipeline.store.workers as w, assets.definitions; w.prepare_worker()"
    assert not loaded_of({"camelot", "cv2", "pdfminer", "playa", "pandas"}, load)


PARSERS = {"docx", "lxml", "lxml.etree", "pypdfium2", "PIL", "PIL.Image", "python_calamine", "selectolax"}
NOT_OF_A_BUILD = {"dagster", "distributed", "scrapy", "twisted", "obstore", "onnxruntime", "rapidocr", "camelot", "cv2", "pandas"}
ONLY_OF_CHANGES = {"duckdb", "jinja2", "xlsxwriter"}
BUILD = """
import sys
from assets.cli import app

sys.argv = ["yusuan", "build", "--out", sys.argv[1], "--results", sys.argv[2]]
try:
    app()
except SystemExit as end:
    assert not end.code
"""


def test_a_build_without_a_change_loads_what_it_needs(tmp_path: Path) -> None:
    """Its start is most of its time: the parsers of documents, Dagster, a cluster, a crawler, a database are for those who use them."""
    folders = (str(tmp_path / "dataset"), str(tmp_path / "results"))
    assert not loaded_of(PARSERS | NOT_OF_A_BUILD, BUILD, *folders)
    assert not loaded_of(PARSERS | NOT_OF_A_BUILD | ONLY_OF_CHANGES, BUILD, *folders)


def test_workers_are_forked_with_every_parser_loaded() -> None:
    """What the process they are forked from has not loaded, each of them would load again, for each document."""
    assert set(loaded_of(PARSERS, "import pipeline.store.workers as w; w.prepare_worker()")) == PARSERS


def test_readers_import_nothing_that_is_not_loaded_before() -> None:
    lazy = {name for name in imported_in_functions(ROOT / "pipeline/document/registry.py") if name.startswith("pipeline")}
    assert lazy
    assert set(loaded_of(lazy, "from pipeline.document.registry import load_readers; load_readers()")) == lazy


def test_no_folder_has_more_than_a_dozen_modules() -> None:
    counts = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    assert not {folder.relative_to(ROOT).as_posix(): count for folder, count in counts.items() if count > 12}
