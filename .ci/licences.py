"""What is installed with this project and under which licences, from the metadata that packages ship: an SBOM and a report.

    python .ci/licences.py SBOM.json REPORT.md

The SBOM is CycloneDX 1.6. The report names the licence of each package that runs with the project, and every copyleft licence that a
package's own licence files name: wheels hold libraries of others (OpenCV's holds FFmpeg: LGPL). It ends with 1 where a package says
no licence, or one that would bind this project's own code (GPL, AGPL).

Belongs here: reading metadata. Advisories are not looked up: no package ships a current list of them (docs/operating.md says how to ask).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = "yusuan"
COPYLEFT = re.compile(
    r"GNU (?:Lesser|Library|Affero )?\s*(?:General Public|GPL)|\b(?:LGPL|AGPL|GPL|MPL)(?:[- ]?v?\d[\d.]*)?(?:-only|-or-later|\+)?\b",
    re.IGNORECASE,
)
BINDING = re.compile(r"(?<![L\w])A?GPL|Affero|(?<!Lesser )(?<!Library )General Public", re.IGNORECASE)
LINKED = re.compile(r"LGPL|Lesser|Library General", re.IGNORECASE)
LICENCE_FILE = re.compile(r"(?:^|/)(?:licen[cs]e|copying|notice|third.?party)[^/]*$", re.IGNORECASE)


def normal(name: str) -> str:
    """Return the normal form of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(project: str) -> dict[str, metadata.Distribution]:
    """Return the installed packages that a project needs to run, by normal name, itself left out."""
    installed = {normal(found.metadata["Name"]): found for found in metadata.distributions()}
    waiting: list[tuple[str, frozenset[str]]] = [(project, frozenset())]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen or name not in installed:
            continue
        seen.add((name, extras))
        for text in installed[name].requires or ():
            wanted = Requirement(text)
            if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in (extras or {""})):
                waiting.append((normal(wanted.name), frozenset(wanted.extras)))
    return {name: installed[name] for name in sorted({name for name, _ in seen} - {project})}


def declared(package: metadata.Distribution) -> str:
    """Return the licence that a package declares: its expression, else its classifiers, else the first line of the old field."""
    about = package.metadata
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    classified = [text.rpartition(" :: ")[2] for text in about.get_all("Classifier") or () if text.startswith("License ::")]
    first = next((line.strip() for line in (about.get("License") or "").splitlines() if line.strip()), "")
    return " AND ".join(sorted({*classified} - {"OSI Approved"})) or first[:80]


def inside(package: metadata.Distribution) -> Iterator[tuple[str, str]]:
    """Yield the copyleft licences that a package's licence files name, each with its file."""
    for file in package.files or ():
        if LICENCE_FILE.search(str(file)) and file.suffix not in (".py", ".pyc"):
            path = Path(str(file.locate()))
            text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
            for name in sorted({" ".join(found.group().split()) for found in COPYLEFT.finditer(text)}):
                yield name, str(file)


def sbom(packages: dict[str, metadata.Distribution]) -> dict[str, object]:
    """Return the software bill of materials."""
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}@{package.version}",
            "name": name,
            "version": package.version,
            "purl": f"pkg:pypi/{name}@{package.version}",
            "licenses": [{"license": {"name": declared(package) or "not declared"}}],
        }
        for name, package in packages.items()
    ]
    own = {"type": "application", "name": PROJECT, "version": metadata.version(PROJECT)}
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": own}, "components": components}


def main(bom: Path, report: Path) -> int:
    """Write both, and return how many packages may not be used like that."""
    packages = closure(PROJECT)
    bom.write_text(json.dumps(sbom(packages), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    lines = [
        f"# Licences of the {len(packages)} packages that run with {PROJECT}",
        "",
        "| package | version | licence |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {name} | {package.version} | {declared(package) or '**not declared**'} |" for name, package in packages.items()]
    lines += ["", "## Copyleft that licence files name", "", "| package | licence | in |", "| --- | --- | --- |"]
    lines += [f"| {name} | {licence} | `{file}` |" for name, package in packages.items() for licence, file in inside(package)]
    wrong = [
        name
        for name, package in packages.items()
        if not declared(package) or (BINDING.search(declared(package)) and not LINKED.search(declared(package)))
    ]
    lines += ["", f"Not to be used like that: {', '.join(wrong) or 'none'}.", ""]
    report.write_text("\n".join(lines), encoding="utf-8")
    sys.stdout.write("\n".join(lines))
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])) > 0)
