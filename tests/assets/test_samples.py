"""The embedded samples, built by the console script itself: what a fresh clone shows."""

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = "from assets.cli import main; main()"


def yusuan(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(Path(__file__).parents[2]), "XDG_CACHE_HOME": str(folder / "cache"), "HOME": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_without_a_source_the_samples_are_built_and_add_up(tmp_path: Path) -> None:
    built = yusuan(tmp_path, "build", "--json", "--strict")
    assert built.returncode == 0, built.stderr
    assert built.stderr == ""
    summary = json.loads(built.stdout)
    assert summary["dataset"] == "dataset"
    assert summary["score"]["published"] == summary["documents_read"] == 3
    assert summary["score"]["checks_failed"] == 0
    assert summary["score"]["headline"] == 1.0
    again = json.loads(yusuan(tmp_path, "build", "--json").stdout)
    assert again["documents_read"] == 0
    scored = yusuan(tmp_path, "score")
    assert scored.returncode == 0
    assert "complete and reconciled (100.0 %)" in scored.stdout
