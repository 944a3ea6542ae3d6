"""The two real disclosures, built to a dataset and compared with their hand-checked content."""

import hashlib
import random
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"
SEEDS, CHECK = SHARED / "seeds", SHARED / "golden" / "check.py"
pytestmark = pytest.mark.skipif(not (SEEDS.is_dir() and CHECK.is_file()), reason="the real disclosures are not here")


def build(folder: Path, out: Path, *sources: Path) -> None:
    script = "from assets.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "build", *map(str, sources), "--out", str(out), "--readings", str(folder / "readings")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def compare(dataset: Path) -> None:
    told = subprocess.run([sys.executable, str(CHECK), str(dataset), str(SEEDS)], capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stdout


def tree(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_seeds_are_golden_and_bytes_repeat(tmp_path: Path) -> None:
    build(tmp_path, tmp_path / "once", SEEDS)
    compare(tmp_path / "once")
    build(tmp_path / "anew", tmp_path / "twice", *sorted(SEEDS.iterdir(), reverse=True))
    assert tree(tmp_path / "once") == tree(tmp_path / "twice")


def test_seeds_are_golden_renamed_and_among_junk(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, seed in enumerate(sorted(SEEDS.iterdir(), reverse=True)):
        (folder / f"{number}.pdf").write_bytes(seed.read_bytes())
    noise = random.Random(7)
    for number in range(10):
        (folder / f"junk{number}.txt").write_bytes(noise.randbytes(number * 50))
    build(tmp_path, tmp_path / "out", folder)
    compare(tmp_path / "out")
