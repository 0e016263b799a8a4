"""Copying the front-end files out of the packages."""

from pathlib import Path

import pytest

from tests.ops.conftest import PROJECT
from tools.assets import FILES, ICON_LIST, ICON_SOURCE, AssetsFailed, copy_files, read_icon_names


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """Packages with every file that is served, and the icon `home`."""
    root = tmp_path / "node_modules"
    for source in [*FILES.values(), str(ICON_SOURCE / "home.svg")]:
        (root / source).parent.mkdir(parents=True, exist_ok=True)
        (root / source).write_text(f"the text of {source}\n")
    return root


def test_named_files_and_icons_are_copied_and_nothing_else(packages: Path, tmp_path: Path) -> None:
    (packages / ICON_SOURCE / "unused.svg").touch()

    copy_files(packages, tmp_path / "vendor", ["home"])

    copied = {str(path.relative_to(tmp_path / "vendor")) for path in (tmp_path / "vendor").rglob("*.*")}
    assert copied == {*FILES, "icons/home.svg"}


@pytest.mark.parametrize("comment", ["//# sourceMappingURL=a.js.map", "/*# sourceMappingURL=a.css.map */\n"])
def test_mention_of_a_map_that_is_not_served_is_dropped(packages: Path, tmp_path: Path, comment: str) -> None:
    (packages / FILES["htmx.min.js"]).write_text(f"code()\n{comment}")

    copy_files(packages, tmp_path / "vendor", [])

    assert (tmp_path / "vendor" / "htmx.min.js").read_text() == "code()\n"


def test_unknown_icons_are_refused_by_name(packages: Path, tmp_path: Path) -> None:
    with pytest.raises(AssetsFailed, match=r"Not in the packages: hous, phoen\."):
        copy_files(packages, tmp_path / "vendor", ["home", "hous", "phoen"])


def test_icon_list_knows_comments_and_order(tmp_path: Path) -> None:
    (tmp_path / "icons.txt").write_text("# people\nuser\n\nhome # first\nuser\n")

    assert read_icon_names(tmp_path / "icons.txt") == ["home", "user"]


def test_icon_list_of_the_project_is_sorted_and_without_repetition() -> None:
    lines = [line for line in (PROJECT / ICON_LIST).read_text().splitlines() if not line.startswith("#")]

    assert lines == read_icon_names(PROJECT / ICON_LIST)
