"""`hearth export`: a list on the command line, with a person's rights and on record."""

import argparse
from pathlib import Path

import pytest

from hearth.core.models import EventRecord
from hearth.exports import commands
from hearth.exports.commands import DONE, REFUSED, USAGE
from hearth.exports.models import Export
from hearth.exports.permissions import EXPORT
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.exports.builders import make_exporter, read_back

pytestmark = pytest.mark.django_db


def run(*words: str) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    commands.add_arguments(parser)
    said: list[str] = []
    code = commands.run(parser.parse_args(words), echo=said.append)
    return code, " ".join(said)


def test_a_list_is_written_with_the_rights_of_a_person(
    tmp_path: Path, company: OrgUnit, neighbour: OrgUnit
) -> None:
    make_customer(company, name="王伟", source="call")
    make_customer(company, name="李娜", source="web")
    make_customer(neighbour, name="陈静", source="call")
    user, path = make_exporter(company), tmp_path / "calls.xlsx"
    wanted = ["customers", str(path), "--as", user.username, "--reason", "年度回访"]

    code, said = run(*wanted, "--filter", "source=call", "--columns", "name,kind")

    assert (code, str(path) in said) == (DONE, True)
    columns, rows = read_back(path, path.name)
    assert (columns[:-1], [row[:-1] for row in rows]) == (["姓名", "类型"], [["王伟", "个人"]])
    assert path.stat().st_mode & 0o077 == 0
    assert Export.objects.get().created_by == user
    assert EventRecord.objects.filter(type__startswith="exports.", actor_id=user.pk).count() == 2


def test_what_the_person_may_not_and_what_is_not_known_is_refused(tmp_path: Path, company: OrgUnit) -> None:
    user, may_not = make_exporter(company), make_exporter(company, without=EXPORT)
    path = str(tmp_path / "all.csv")

    refused = [
        run("customers", path, "--as", may_not.username, "--reason", "年度回访")[0],
        run("customers", path, "--as", user.username, "--reason", "年度回访", "--filter", "colour=red")[0],
        run("customers", path, "--as", user.username, "--reason", "年度回访", "--view", "gone")[0],
        run("customers", path, "--as", user.username, "--reason", " ")[0],
    ]

    assert refused == [REFUSED] * 4
    assert not Path(path).exists()


def test_wrong_words_write_nothing_over_a_file(tmp_path: Path, company: OrgUnit) -> None:
    user, there = make_exporter(company), tmp_path / "there.csv"
    there.write_text("mine")
    rest = ["--as", user.username, "--reason", "年度回访"]

    wrong = [
        run("customers", str(there), *rest)[0],
        run("customers", str(tmp_path / "list.doc"), *rest)[0],
        run("customers", str(tmp_path / "no" / "list.csv"), *rest)[0],
        run("customers", str(tmp_path / "list.csv"), "--as", "nobody", "--reason", "年度回访")[0],
    ]

    assert wrong == [USAGE] * 4
    assert there.read_text() == "mine"
