"""The page on security names tests that exist, and every chapter of the standard."""

import re

from tests.gates.tree import ROOT

PAGE = ROOT / "docs/security.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
CHAPTERS = 17


def is_there(path: str, name: str) -> bool:
    """Tell whether a test, or the module when no test is named, exists."""
    module = ROOT / path
    return module.exists() and (not name or f"def {name}(" in module.read_text(encoding="utf-8"))


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(PAGE.read_text(encoding="utf-8"))

    assert named
    assert [f"{path}::{name}" for path, name in named if not is_there(path, name)] == []


def test_every_chapter_is_walked_and_says_how_it_stands() -> None:
    chapters = re.split(r"^## V", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]

    assert [int(chapter.split()[0]) for chapter in chapters] == list(range(1, CHAPTERS + 1))
    assert all(re.search(r"^(Met|Not applicable)", chapter, re.MULTILINE) for chapter in chapters)
