"""The README and its Chinese twin say the same: commands, code, links and figures are equal."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")]
BLOCK = re.compile(r"```.*?```", re.DOTALL)


def code(page: str) -> list[list[str]]:
    """The blocks of code without comments, and of the tree of files what stands before the wide gap."""
    return [
        [re.split(r"\s{3,}|\s+#|\s+--\s", line)[0] if line.strip() else "" for line in block.splitlines()] for block in BLOCK.findall(page)
    ]


def prose(page: str) -> str:
    return BLOCK.sub("", page)


def test_both_have_the_same_code() -> None:
    english, chinese = map(code, PAGES)
    assert english == chinese and len(english) > 5


def test_both_have_the_same_commands_in_the_same_order() -> None:
    english, chinese = (re.findall(r"^\| (`yusuan [^|]+`) \|", page, flags=re.MULTILINE) for page in PAGES)
    assert english == chinese and len(english) > 5


def test_both_name_the_same_things_and_link_to_the_same_pages() -> None:
    for pattern in (r"`([^`\n]+)`", r"\]\(((?!README)[^)]+)\)"):
        english, chinese = (Counter(re.findall(pattern, prose(page))) for page in PAGES)
        assert english == chinese, (english - chinese, chinese - english)


def test_both_have_the_same_figures_and_sections() -> None:
    english, chinese = (Counter(re.findall(r"\d+(?:\.\d+)*", prose(page))) for page in PAGES)
    assert english == chinese, (english - chinese, chinese - english)
    assert [len(heading) for heading in re.findall(r"^#+(?= )", PAGES[0], flags=re.MULTILINE)] == [
        len(heading) for heading in re.findall(r"^#+(?= )", PAGES[1], flags=re.MULTILINE)
    ]
