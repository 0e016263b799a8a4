"""The words of the command line."""

import subprocess
import sys

import pytest

from hearth.cli import build_parser, main
from hearth.cli.database import environment_of
from hearth.ops.stack import Database

COMMANDS = (
    "run",
    "web",
    "worker",
    "migrate",
    "demo",
    "import",
    "export",
    "first-account",
    "snapshot",
    "bench",
    "backup",
    "restore",
    "privacy",
    "manage",
)


@pytest.mark.parametrize("command", COMMANDS[:-1])
def test_every_command_explains_itself(command: str) -> None:
    asked = [sys.executable, "-m", "hearth", command, "--help"]

    answer = subprocess.run(asked, capture_output=True, text=True, check=False)

    assert answer.returncode == 0
    assert "usage: hearth" in answer.stdout


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(["--help"])

    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert [command for command in COMMANDS if f"    {command}" not in text] == []


def test_wrong_words_end_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fly"])

    assert ended.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


def test_an_address_that_is_none_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://somewhere")

    assert main(["migrate"]) == 1
    assert "postgres://" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("login", "expected"), [("", ""), ("postgres://app@db/hearth", "postgres://app@db/hearth")]
)
def test_an_external_database_is_served_by_its_login_or_by_the_role(
    monkeypatch: pytest.MonkeyPatch, login: str, expected: str
) -> None:
    monkeypatch.setenv("DATABASE_APP_URL", login)
    opened = Database("postgres://owner@db/hearth", login or "postgres://owner@db/hearth")

    environment = environment_of(opened, as_application=True)

    assert (environment["DATABASE_URL"], environment["DATABASE_APP_URL"]) == (
        "postgres://owner@db/hearth",
        expected,
    )
    assert environment["HEARTH_AS_APPLICATION"] == "1"
