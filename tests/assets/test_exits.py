"""However a command ends: a sentence, a documented exit code, and no traceback."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.samples import DOCUMENTS

COMMAND = [sys.executable, "-c", "from assets.cli.commands import main; main()"]
DATASET_COMMANDS = (
    ["score", "out"], ["export", "documents", "x.csv", "--dataset", "out"], ["changes", "out"], ["upload", "out", "s3://nowhere/x"],
)  # fmt: skip


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "TMPDIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.mark.parametrize(("sent", "code", "said"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "asked to end")])
def test_a_signal_ends_a_build_with_a_sentence(tmp_path: Path, sent: signal.Signals, code: int, said: str) -> None:
    build = subprocess.Popen(
        [*COMMAND, "build", str(DOCUMENTS), "--out", "out"], cwd=tmp_path, env=environment(tmp_path), stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 60
    while not list(tmp_path.glob("yusuan-workers-*/1")) and time.monotonic() < until:
        time.sleep(0.02)
    build.send_signal(sent)
    _, told = build.communicate(timeout=60)
    assert (build.returncode, told) == (
        code,
        f"yusuan: {said}. What was published is as it was; what was read is kept, and the next build goes on from there.\n",
    )
    assert not list(tmp_path.glob("yusuan-workers-*"))
    assert not (tmp_path / "out").exists()


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=folder, env=environment(folder), capture_output=True, text=True, check=False)


def test_a_damaged_dataset_ends_no_command_in_a_traceback(tmp_path: Path) -> None:
    text = tmp_path / "in" / "a.txt"
    text.parent.mkdir()
    text.write_bytes((DOCUMENTS / "narrative_2022.txt").read_bytes())
    assert run(tmp_path, "build", "in", "--out", "out").returncode == 0
    manifest = tmp_path / "out" / "manifest.json"
    whole = manifest.read_bytes()
    manifest.unlink()  # else the kept version were damaged too: it is the same file
    manifest.write_bytes(whole[: len(whole) // 2])
    for arguments in DATASET_COMMANDS:
        done = run(tmp_path, *arguments)
        assert (done.returncode, done.stdout) == (3, ""), done
        assert done.stderr.startswith("yusuan: out is damaged (manifest.json is damaged"), done.stderr
    proof = run(tmp_path, "verify", "out")
    assert (proof.returncode, proof.stderr) == (1, "")
    assert "manifest.json is damaged" in proof.stdout
    built = run(tmp_path, "build", "in", "--out", "out", "--json")
    assert built.returncode == 0, built.stderr
    assert "the last that is whole, took its place" in json.loads(built.stdout)["damaged_dataset_replaced"]
    assert manifest.read_bytes() == whole
