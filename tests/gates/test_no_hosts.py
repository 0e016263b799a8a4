"""The repository installs anywhere: it names no registry, and no folder of somebody's machine."""

import re

import pytest

from tests.gates.tree import list_files, name_of, read_text

OWN_NAME = "tests/gates/test_no_hosts.py"
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|yarnpkg\.com|npmmirror|jsdelivr\.net|unpkg\.com|ghcr\.io"
    r"|mirrors?\.[a-z]|/simple/|--(?:extra-)?index-url|--find-links|--trusted-host|\"resolved\":|file:(?://|\./|\.\./)"
)
HOMES, ROOT_HOME = ("home", "Users", "work"), "root"
MACHINE_PATH = re.compile(rf"(?<![\w.}}>])(?:/(?:{'|'.join(HOMES)})/\w|/{ROOT_HOME}/)")
LOCKS_AND_DOCS = ("requirements/", "docs/", "package", ".npmrc")


def find_lines(pattern: re.Pattern[str], names: tuple[str, ...] = ("",)) -> list[str]:
    """Return `file:line` of every match in the files whose names start as given, this one left out."""
    return [
        f"{name_of(path)}:{number}"
        for path in list_files()
        if name_of(path) != OWN_NAME and (name_of(path).startswith(names) or path.suffix == ".md")
        for number, line in enumerate(read_text(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def test_locks_and_docs_name_no_registry_and_no_file_address() -> None:
    found = find_lines(REGISTRY, LOCKS_AND_DOCS)

    assert found == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    found = find_lines(MACHINE_PATH)

    assert found == []


@pytest.mark.parametrize(
    ("line", "is_machine_path"),
    [
        ("see /home/anna/hearth", True),
        (f'"/{ROOT_HOME}/.cache"', True),
        ("cp /Users/anna/x .", True),
        ("client.get('/home/')", False),
        (f"https://example.com/{HOMES[2]}/shop", False),
        (f"hearth/{HOMES[2]}/page.html", False),
    ],
)
def test_an_address_of_a_page_is_not_taken_for_a_machine_path(line: str, is_machine_path: bool) -> None:
    found = MACHINE_PATH.search(line)

    assert (found is not None) is is_machine_path
