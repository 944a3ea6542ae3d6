"""Two printed names are of one body with or without place, note and second name, and in short; never of two places or numbers."""

import pytest

from pipeline.identity.same_body import same_body

NAME = "常德市发展和改革委员会"


@pytest.mark.parametrize(
    "other",
    [NAME, f"{NAME}（本级）", f"{NAME}(汇总)", f"{NAME}机关本级", "市发展和改革委员会", "发展和改革委员会", "常德市发改委", "市发改委",
     "发改委",
     f"{NAME}（常德市粮食和物资储备局）"],
)  # fmt: skip
def test_one_body(other: str) -> None:
    assert same_body(NAME, other) and same_body(other, NAME)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (NAME, "益阳市发展和改革委员会"),
        (NAME, "常德市发展和改革委员会信息中心"),
        ("常德市第一中学", "常德市第二十一中学"),
        ("湖南省林业局", "常德市林业局"),
        ("常德市体育局", "常德市文化旅游广电体育局"),
        ("常德市教育局", "常德市教育考试院"),
        ("常德市生态环境局", "常德市生态环境局武陵分局"),
        ("常德市生态环境局", "常德市生态环境局管理局"),
    ],
)
def test_two_bodies(one: str, two: str) -> None:
    assert not same_body(one, two) and not same_body(two, one)
