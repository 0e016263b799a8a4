"""The set-up: what it skips, what it repeats, and what its locks may hold."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ops.conftest import PROJECT
from tools.bootstrap import Environment, SetupFailed, Stamp, needs_compiling, read_locks

LOCKS = {"base.txt": "b1", "dev.txt": "d1"}


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A finished one that runs, with an empty lock so that nothing is fetched."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").write_text("")
    environment = Environment(tmp_path)
    environment.python.parent.mkdir(parents=True)
    environment.python.symlink_to(sys.executable)
    Stamp(str(tmp_path), LOCKS).write(environment.stamp)
    return environment


def test_environment_with_the_same_locks_is_complete(environment: Environment) -> None:
    assert environment.is_complete({"base.txt": "b1"})
    assert environment.is_complete(LOCKS)


@pytest.mark.parametrize("locks", [{"base.txt": "b2"}, {"spark.txt": "s1"}, {**LOCKS, "spark.txt": "s1"}])
def test_environment_with_a_changed_or_further_lock_is_not(
    environment: Environment, locks: dict[str, str]
) -> None:
    assert not environment.is_complete(locks)
    assert environment.is_usable()


def test_environment_that_was_moved_is_made_anew(environment: Environment) -> None:
    Stamp("/where/it/was", LOCKS).write(environment.stamp)

    assert not environment.is_complete(LOCKS)
    assert not environment.is_usable()


def test_environment_left_half_installed_is_made_anew(environment: Environment) -> None:
    environment.unfinished.touch()

    assert not environment.is_complete(LOCKS)
    assert not environment.is_usable()


def test_environment_whose_python_is_gone_is_made_anew(environment: Environment) -> None:
    environment.python.unlink()
    environment.python.symlink_to("/no/such/python")

    assert not environment.is_complete(LOCKS)
    assert not environment.is_usable()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"root": 1}', '{"root": "x", "locks": 7}'])
def test_damaged_stamp_counts_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "stamp"
    path.write_text(content)

    assert Stamp.read(path) is None


def test_interrupted_installation_heals_into_a_working_environment(tmp_path: Path) -> None:
    project = tmp_path / "a project's folder"
    (project / "requirements").mkdir(parents=True)
    (project / "requirements" / "base.txt").write_text("")
    (project / "hearth").mkdir()
    (project / "hearth" / "__main__.py").write_text("import sys; print('hearth', *sys.argv[1:])")
    environment = Environment(project)
    (environment.folder / "bin").mkdir(parents=True)
    environment.python.write_text("half")
    environment.unfinished.touch()
    locks = read_locks(project, ["base.txt"])

    environment.install(locks)
    said = subprocess.run(
        [environment.folder / "bin" / "hearth", "check"], cwd="/", capture_output=True, text=True, check=True
    )

    assert environment.is_complete(locks)
    assert said.stdout == "hearth check\n"
    assert sorted(path.name for path in project.iterdir()) == [".venv", "hearth", "requirements"]


def test_package_that_cannot_be_had_ends_the_set_up_and_is_tried_again(environment: Environment) -> None:
    lock = environment.root / "requirements" / "base.txt"
    lock.write_text("no-hash-here==1\n")

    with pytest.raises(SetupFailed, match="could not be installed"):
        environment.install(read_locks(environment.root, ["base.txt"]))

    assert not environment.is_complete(read_locks(environment.root, ["base.txt"]))


def test_catalogues_are_compiled_when_missing_or_older(tmp_path: Path) -> None:
    folder = tmp_path / "hearth" / "core" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, compiled = folder / "django.po", folder / "django.mo"
    source.touch()

    when_missing = needs_compiling(tmp_path)
    compiled.touch()
    os.utime(compiled, (source.stat().st_atime, source.stat().st_mtime + 1))
    when_newer = needs_compiling(tmp_path)
    os.utime(compiled, (source.stat().st_atime, source.stat().st_mtime - 1))
    when_older = needs_compiling(tmp_path)

    assert (when_missing, when_newer, when_older) == (True, False, True)


@pytest.mark.parametrize("name", ["base.txt", "dev.txt", "spark.txt", "npm.txt"])
def test_locks_name_packages_by_hash_and_no_place_to_get_them_from(name: str) -> None:
    text = (PROJECT / "requirements" / name).read_text()
    pins = re.findall(r"^[a-z0-9][^\s;]*", text, flags=re.MULTILINE | re.IGNORECASE)

    assert re.findall(r"://|file:|^-.*| @ ", text, flags=re.MULTILINE) == []
    assert pins
    assert all("==" in pin for pin in pins)
    assert text.count("==") <= text.count("--hash=sha256:")


def test_front_end_lock_holds_hashes_and_no_addresses() -> None:
    text = (PROJECT / "package-lock.json").read_text()
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}

    assert "://" not in text
    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
