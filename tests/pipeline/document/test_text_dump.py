"""Text dumps in every encoding give the same lines; bytes that are no text in one encoding are refused, never patched."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.document.content import UnreadableDocument
from pipeline.document.text_dump import decode, read_text

SAMPLE = "部门预算公开\n\n  一、收入预算总计 7,896.16万元，比上年增加\r\n587.74 万元。\f第二页\n201 03 01 行政运行 1,873.03\n"


def lines(data: bytes) -> list[list[str]]:
    return [[line.text for line in page.lines] for page in read_text(data).pages]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk"])
def test_every_encoding_gives_the_same_lines(encoding: str) -> None:
    assert lines(SAMPLE.encode(encoding)) == [
        ["部门预算公开", "", "  一、收入预算总计 7,896.16万元，比上年增加", "587.74 万元。"],
        ["第二页", "201 03 01 行政运行 1,873.03"],
    ]


def test_pages_are_numbered_and_a_closing_form_feed_is_no_page() -> None:
    content = read_text("一\f二\f".encode())
    assert [page.number for page in content.pages] == [1, 2]
    assert (content.tables, content.reader, content.warnings) == ("lines", "text", ())


def test_control_characters_are_left_out_and_counted() -> None:
    content = read_text("部门\t收入\x00\n教育局\t1234.56\x00\n".encode())
    assert [line.text for line in content.pages[0].lines][:2] == ["部门\t收入", "教育局\t1234.56"]
    assert content.warnings == ("2 control characters were left out.",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "no text"),
        (b" \n\n\f ", "no text"),
        ("部门预算".encode() + "公开".encode("gbk") + "收支总表".encode(), "one encoding"),
        ("部门预算公开".encode() + b"\xc3(\xa0\xa1", "one encoding"),
        (b"\xff\xfe\x00", "marked as utf-16-le"),
        (bytes(range(256)) * 8, "one encoding"),
        (bytes(range(32)) * 8 + b"abc", "binary"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        ("<html><head><title>登录</title>".encode("gbk"), "web page"),
        ("  <!-- x -->\n<HTML>".encode("utf-16"), "web page"),
        ("行政事业单位养老支出".encode("big5", "ignore") * 20, "one encoding"),
    ],
)
def test_what_is_no_text_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        read_text(data)
    message = str(refused.value)
    assert reason in message and message.endswith(".") and "\n" not in message


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        content = read_text(data)
    except UnreadableDocument:
        return
    assert "\ufffd" not in "".join(line.text for page in content.pages for line in page.lines) or "\ufffd" in decode(data)[0]


@given(
    st.text(st.sampled_from("预算收支总表一般公共服务0123456789.,（）万元 \n"), min_size=12, max_size=200),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
def test_decoding_is_exact(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    # a few ideographs in GB18030 may be the bytes of other characters in UTF-8 (元 is): nothing can tell, a real text has more
    assume(text.strip() and (encoding != "gb18030" or text.isascii() or not _is_utf8(data)))
    assert decode(data)[0] == text


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("合 计 | 46 |", "合 计   46"),
        ("|", ""),
        ("| --- | ---: |", ""),
        ("? | 单位:万元 | |", "?   单位:万元"),
        ("-", "-"),
        ("----", "----"),
    ],
)
def test_borders_of_cells_are_spaces(line: str, shown: str) -> None:
    assert read_text(f"表\n{line}\n完".encode()).pages[0].lines[1].text == shown
