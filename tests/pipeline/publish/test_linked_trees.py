"""Twins of folders by hard links, made of folders that nobody needs any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.publish.versions import linked_trees
from pipeline.publish.versions.linked_trees import lay_by, make_twin, relink, sync_tree, take_up


def tree(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def content(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}


def test_a_twin_shares_its_files_and_keeps_links_and_modes(tmp_path: Path) -> None:
    folder = tree(tmp_path / "one", a="1", b__c="2")
    (folder / "link").symlink_to("nowhere")
    (folder / "b").chmod(0o750)
    make_twin(folder, tmp_path / "two")
    assert content(tmp_path / "two") == {"a": "1", "b/c": "2"}
    assert (tmp_path / "two" / "b" / "c").samefile(folder / "b" / "c")
    assert (tmp_path / "two" / "link").readlink() == Path("nowhere")
    assert (tmp_path / "two" / "b").stat().st_mode & 0o777 == 0o750


def test_a_twin_made_of_another_tree_is_exactly_its_original(tmp_path: Path) -> None:
    """Whatever the other tree holds: other files, a folder in the place of a file, a file in the place of a folder, the same text anew."""
    folder = tree(tmp_path / "one", same="1", other="2", dir__file="3", file="4")
    make_twin(folder, tmp_path / "spare")
    tree(tmp_path / "spare", more="5", folder__deep="6")
    for name in ("other", "file"):
        (tmp_path / "spare" / name).unlink()
    tree(tmp_path / "spare", other="2", file__inside="7")
    make_twin(folder, tmp_path / "spare")
    assert content(tmp_path / "spare") == content(folder)
    assert all((tmp_path / "spare" / name).samefile(folder / name) for name in content(folder))


def test_only_what_differs_is_linked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tree(tmp_path / "one", a="1", b__c="2", b__d="3")
    relink(folder, tmp_path / "two", ["a", "b/c", "b/d"], gone=())
    (folder / "b" / "c").unlink()
    tree(folder, b__c="changed", e__f="new")
    linked: list[str] = []
    whole = linked_trees.link_or_copy
    monkeypatch.setattr(linked_trees, "link_or_copy", lambda source, target: (linked.append(target), whole(source, target)))
    relink(folder, tmp_path / "two", ["a", "b/c", "e/f"], gone={"b/d"})
    assert content(tmp_path / "two") == {"a": "1", "b/c": "changed", "e/f": "new"}
    assert linked == [str(tmp_path / "two" / "b/c"), str(tmp_path / "two" / "e/f")]
    relink(folder, tmp_path / "two", ["a"], gone={"b/c", "e/f"})
    assert sorted(path.name for path in (tmp_path / "two").iterdir()) == ["a"]


def test_whoever_stands_in_a_spare_folder_finds_nothing_there_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tree(tmp_path / "one", a="1", b__c="2")
    monkeypatch.chdir(folder)
    lay_by(folder, tmp_path / "spare" / "tree")
    assert Path("b/c").read_text() == "2"
    (tmp_path / "next").mkdir()
    take_up(tmp_path / "spare" / "tree", tmp_path / "next")
    assert not Path("b/c").exists() and not Path("a").exists()
    assert content(tmp_path / "next") == {"a": "1", "b/c": "2"}


def test_one_spare_is_enough(tmp_path: Path) -> None:
    for number in ("1", "2"):
        lay_by(tree(tmp_path / number, a=number), tmp_path / "spare")
    assert content(tmp_path) == {"spare/a": "1"}


@pytest.mark.parametrize("whole", [True, False])
def test_everything_is_forced_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool) -> None:
    """By one call, and where that fails, one by one: folders and what is no link to a file that is on disk already."""
    synced: list[str] = []
    monkeypatch.setattr(linked_trees, "_sync_file_system", lambda _: whole)
    monkeypatch.setattr(linked_trees, "sync", lambda path: synced.append(str(path)))
    folder = tree(tmp_path / "one", a="1", b__c="2")
    make_twin(folder, tmp_path / "two")
    tree(tmp_path / "two", b__new="3")
    sync_tree(tmp_path / "two", folder)
    two = tmp_path / "two"
    assert synced == ([] if whole else [str(two / "b" / "new"), str(two / "b"), str(two)])
