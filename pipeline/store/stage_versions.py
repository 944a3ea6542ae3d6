"""The version of a stage: a hash over its own code and data, and over all that it imports.

Belongs here: what a stage's result depends on besides its input. A change elsewhere in the project makes nothing again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_IMPORT = re.compile(
    r"^[ \t]*(?:from (?P<package>(?:pipeline|schemas)[\w.]*) import (?P<names>\([^)]*\)|[^\n]+)"
    r"|import (?P<module>(?:pipeline|schemas)[\w.]+))",
    re.MULTILINE,
)
_NAME = re.compile(r"\w+(?: as \w+)?")
_DATA = frozenset({".csv", ".json", ".md", ".sql", ".toml", ".yaml"})
_NAMED_DATA = re.compile(r"(?<![\w-])[\w-]++\.(?:csv|json|md|sql|toml|yaml)\b")
_LIBRARY = re.compile(r"^[ \t]*(?:from|import) (\w+)|find_spec\(\"(\w+)\"\)", re.MULTILINE)
_DISTRIBUTIONS = {
    "pypdfium2": "pypdfium2",
    "numpy": "numpy",
    "camelot": "camelot-py",
    "polars": "polars",
    "msgspec": "msgspec",
    "duckdb": "duckdb",
    "python_calamine": "python-calamine",
    "lxml": "lxml",
    "selectolax": "selectolax",
    "docx": "python-docx",
    "cv2": "opencv-python-headless",
    "onnxruntime": "onnxruntime",
    "rapidocr": "rapidocr",
}
"""Libraries whose version changes what is read, by the name that is imported."""


@cache
def version_of(*modules: str, without: str | None = None) -> str:
    """Return the version of what `modules` (dotted names) do: any change of what they import gives another one.

    A data file counts where a module among them names it.

    Args:
        modules: dotted names.
        without: package whose modules, and what only they import, do not count: its results are known by their content.
    """
    files = _closure(modules, without)
    digest = hashlib.sha256()
    for path in sorted(files):
        content = _source(path)
        digest.update(f"{path.relative_to(_ROOT).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    for library in sorted({name for path in files if path.suffix == ".py" for name in _libraries(path)}):
        digest.update(f"{library}\0{_installed(library)}\0".encode())
    return digest.hexdigest()[:16]


def depends_on(module: str, without: str | None = None) -> frozenset[str]:
    """Return the files, relative to the project, that the version of a module is made of (arguments as for `version_of`)."""
    return frozenset(path.relative_to(_ROOT).as_posix() for path in _closure((module,), without))


@cache
def _closure(modules: tuple[str, ...], without: str | None = None) -> frozenset[Path]:
    left_out = _ROOT.joinpath(*without.split(".")) if without else None
    found: set[Path] = set()
    waiting = [path for module in modules for path in _files_of(module)]
    while waiting:
        path = waiting.pop()
        if path not in found and path.parent != left_out:
            found.add(path)
            waiting += _imports(path)
    named = set[str]().union(*map(_named_data, found))
    return frozenset({*found, *(path for path in _data_files() if path.name in named)})


@cache
def _named_data(path: Path) -> frozenset[str]:
    text = _source(path).decode()
    if not any(ending in text for ending in _DATA):  # of most files: looking at each of their words is a tenth of a start
        return frozenset()
    return frozenset(_NAMED_DATA.findall(text))


@cache
def _data_files() -> tuple[Path, ...]:
    return tuple(path for folder in ("schemas", "pipeline") for path in (_ROOT / folder).rglob("*") if path.suffix in _DATA)


@cache
def _imports(path: Path) -> tuple[Path, ...]:
    found: list[Path] = []
    for match in _IMPORT.finditer(_source(path).decode()):
        if match["module"]:
            found += _files_of(match["module"])
            continue
        found += _files_of(match["package"])
        for name in _NAME.findall(match["names"]):
            found += _files_of(f"{match['package']}.{name.split()[0]}", missing_ok=True)
    return tuple(found)


@cache
def _files_of(module: str, *, missing_ok: bool = False) -> Iterable[Path]:
    base = _ROOT.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return (path,)
    if missing_ok:
        return ()
    raise ModuleNotFoundError(module)


@cache
def _source(path: Path) -> bytes:
    return path.read_bytes()


@cache
def _installed(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "absent"


@cache
def _libraries(path: Path) -> set[str]:
    return {_DISTRIBUTIONS[name] for names in _LIBRARY.findall(_source(path).decode()) for name in names if name in _DISTRIBUTIONS}
