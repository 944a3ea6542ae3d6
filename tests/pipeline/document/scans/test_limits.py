"""What is no page costs nothing, and without the extra it is said what to install."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from pipeline.document.content import UnreadableDocument
from pipeline.document.pdf_reader import read_pdf
from pipeline.document.registry import read_content
from pipeline.document.scans import picture_files
from tests.pipeline.document.scans.copier import needs_ocr


def png_of(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and holds one row."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(width + 1))) + chunk(b"IEND", b"")


@needs_ocr
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (png_of(60_000, 60_000), "larger than any page"),
        (png_of(7_000, 7_000), "larger than any page"),
        (png_of(900, 900)[:45], "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"\xff\xd8\xff\xe0nothing", "damaged"),
        (b"II*\x00nothing", "damaged"),
    ],
)
def test_a_picture_that_is_no_page_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read_content(data)


@needs_ocr
@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (595, 842)])
def test_paper_without_print_is_refused(size: tuple[int, int]) -> None:
    file = io.BytesIO()
    Image.new("L", size, 255).save(file, "PNG")
    with pytest.raises(UnreadableDocument, match="shows no text"):
        read_content(file.getvalue())


@needs_ocr
def test_the_recogniser_leaves_nothing_behind_and_tells_nobody(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event.startswith('socket.'):\n"
        "        sys.exit(event)\n"
        "sys.addaudithook(refuse)\n"
        "from pipeline.document.scans.recogniser import recogniser\n"
        "recogniser()\n"
        "loaded = [name for name in sys.modules if name.partition('.')[0] in ('rapidocr', 'requests', 'urllib3')]\n"
        "sys.exit(str(loaded) if loaded else 0)\n"
    )
    homes = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR"), str(tmp_path))
    places = {**homes, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], env=places, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.rglob("*")) == []


def scan() -> bytes:
    file = io.BytesIO()
    Image.new("L", (600, 800), 255).save(file, "PDF", resolution=72)
    return file.getvalue()


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.document.pdf_reader.can_recognise", lambda: False)
    monkeypatch.setattr(picture_files, "can_recognise", lambda: False)
    with pytest.raises(UnreadableDocument, match=r"only images and no text: install yusuan\[ocr\]"):
        read_pdf(scan())
    with pytest.raises(UnreadableDocument, match=r"is a picture: install yusuan\[ocr\]"):
        read_content(png_of(900, 900))
