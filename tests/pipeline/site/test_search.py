"""What is searched for is found: by any two characters of a name, by initials, in one file."""

import pytest

from pipeline.site.files import shard_of
from pipeline.site.search import ENTRIES_PER_FILE, Entry, files_of, initials


@pytest.mark.parametrize(("name", "letters"), [("水务局", "swj"), ("A区12号", "aq12h"), ("（本级）", "bj"), ("重庆", "cq"), ("", "")])
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_small_index_is_one_file() -> None:
    (rows,) = files_of([Entry("d", "水务局", "某市", "1-a", 5), Entry("d", "水务局", "某市", "1-a", 5)])
    assert rows == [["d", "水务局", "swj", "某市", "1-a", 5]]


def test_each_part_of_a_name_leads_to_its_file() -> None:
    names = [f"第{n}号污水处理工程" for n in range(2 * ENTRIES_PER_FILE)]
    files = files_of([Entry("p", name, "某局", "1-a", 0) for name in names] + [Entry("c", "教育", "20502", "function:20502", 0)])
    assert len(files) == 3
    for question in ("污水处理", "工程", "第1234", "wscl", "教育", "20502"):
        found = files[shard_of(question[:2], len(files))]
        assert any(question in row[1] or question in row[2] or question == row[3] for row in found)
    assert {row[1] for rows in files for row in rows} == {*names, "教育"}


def test_files_are_chosen_as_the_front_end_chooses_them() -> None:
    """FNV-1a over UTF-16 units: values that a browser's `charCodeAt` gives."""
    assert [shard_of(text, 1 << 32) for text in ("", "a", "水务")] == [0x811C9DC5, 0xE40C292C, _fnv("水务")]


def _fnv(text: str) -> int:
    value = 0x811C9DC5
    for unit in (ord(character) for character in text):
        value = (value ^ unit) * 0x01000193 % (1 << 32)
    return value
