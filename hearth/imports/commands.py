"""`hearth import KIND FILE`: the wizard's steps in one command, for the operator."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.imports.kinds import import_kinds
from hearth.imports.models import ImportJob
from hearth.imports.services import change_mapping, check_file, commit_file, receive_file, start_commit
from hearth.imports.services.checking import begin_check
from hearth.imports.services.steps import actor_of_user, kind_of
from hearth.imports.wording import explain_file, explain_in_place
from hearth.organization.models import OrgUnit

DONE, REFUSED, USAGE = 0, 1, 2
SHOWN_ISSUES = 50
Echo = Callable[[str], object]
Mapped = Mapping[str, Mapping[str, str]]
State = ImportJob.State


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("kind", metavar="KIND", choices=sorted(import_kinds), help="; ".join(import_kinds))
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--place", metavar="CODE", required=True, help="code of the company or project team")
    parser.add_argument("--map", metavar="FIELD=COLUMN", action="append", default=[])
    parser.add_argument("--constant", metavar="FIELD=VALUE", action="append", default=[])
    parser.add_argument("--row-number", metavar="FIELD[=PREFIX]", action="append", default=[])
    parser.add_argument("--option", metavar="NAME", action="append", default=[])
    parser.add_argument("--good-rows-only", action="store_true")
    parser.add_argument(
        "--encoding", default="", help="utf-8, gb18030 or utf-16; recognised by itself otherwise"
    )
    parser.add_argument("--user", metavar="USERNAME", default="", help="act as this user, with their rights")


def run(arguments: argparse.Namespace, *, echo: Echo = print) -> int:
    """Import one file and return the exit code: 0 done, 1 refused, 2 wrongly called."""
    try:
        mapping = _mapping(arguments)
    except ValueError as error:
        echo(str(error))
        return USAGE
    return import_file(
        arguments.kind,
        arguments.file,
        arguments.place,
        mapping=mapping,
        encoding=arguments.encoding,
        good_rows_only=arguments.good_rows_only,
        options=arguments.option,
        username=arguments.user,
        echo=echo,
    )


def _mapping(arguments: argparse.Namespace) -> dict[str, dict[str, str]]:
    mapping: dict[str, dict[str, str]] = {}
    for way, given in (("column", arguments.map), ("constant", arguments.constant)):
        for pair in given:
            field, equals, value = pair.partition("=")
            if not equals:
                raise ValueError(_("Write FIELD=VALUE, not “%(given)s”.") % {"given": pair})
            mapping[field] = {way: value}
    for pair in arguments.row_number:
        field, _equals, prefix = pair.partition("=")
        mapping[field] = {"row_number": prefix}
    return mapping


def import_file(
    kind: str,
    path: Path,
    org_unit_code: str,
    *,
    mapping: Mapped | None = None,
    encoding: str = "",
    good_rows_only: bool = False,
    options: Sequence[str] = (),
    username: str = "",
    echo: Echo = print,
) -> int:
    """Receive, check and write a file, and say in words what is wrong; returns the exit code.

    What `mapping` does not name is guessed from the columns. Without a user name the system itself acts.
    """
    place = OrgUnit.objects.filter(code=org_unit_code).first()
    user = User.objects.filter(username=username, is_active=True).first() if username else None
    if place is None or (username and user is None) or not path.is_file() or kind not in import_kinds:
        echo(_("There is no such place, user, kind or file."))
        return USAGE
    actor = actor_of_user(user.pk if user else None)
    try:
        job = receive_file(
            path, kind=kind, org_unit=place, actor=actor, now=timezone.now(), encoding=encoding
        )
        if job.state == State.FAILED:
            echo(explain_file(job.error_code, job.error_params))
            return REFUSED
        job = _check(job, mapping or {}, options, actor=actor)
        _tell_check(job, echo)
        if job.state != State.CHECKED:
            return REFUSED
        job = _commit(job, good_rows_only=good_rows_only, actor=actor)
    except DomainError as error:
        echo(str(error))
        return REFUSED
    return _tell_result(job, echo)


def _check(job: ImportJob, mapping: Mapped, options: Sequence[str], *, actor: Actor) -> ImportJob:
    wanted: dict[str, Any] = {**job.mapping, **mapping}
    chosen = {option.name: option.name in options for option in kind_of(job.kind).options}
    job = change_mapping(job, wanted, chosen, actor=actor, now=timezone.now())
    job = begin_check(job, actor=actor, now=timezone.now())
    return check_file(job, actor=actor, now=timezone.now())


def _commit(job: ImportJob, *, good_rows_only: bool, actor: Actor) -> ImportJob:
    job = start_commit(job, good_rows_only=good_rows_only, actor=actor, now=timezone.now(), is_queued=False)
    return commit_file(job, actor=actor, now=timezone.now())


def _tell_check(job: ImportJob, echo: Echo) -> None:
    words = {"total": job.total_rows, "bad": job.bad_rows}
    echo(_("%(total)s rows checked, %(bad)s with problems.") % words)
    kind = kind_of(job.kind)
    for issue in job.issues.order_by("row", "id")[:SHOWN_ISSUES]:
        echo(f"  {explain_in_place(issue, kind)}")
    if job.issue_count > SHOWN_ISSUES:
        echo(_("  … and %(n)s more") % {"n": job.issue_count - SHOWN_ISSUES})
    if job.error_code:
        echo(explain_file(job.error_code, job.error_params))


def _tell_result(job: ImportJob, echo: Echo) -> int:
    if job.state != State.DONE or job.result_file is None:
        echo(explain_file(job.error_code, job.error_params))
        return REFUSED
    words = {"created": job.created_rows, "updated": job.updated_rows, "bad": job.bad_rows}
    echo(_("%(created)s created, %(updated)s updated, %(bad)s not imported.") % words)
    echo(_("Result: %(path)s") % {"path": job.result_file.file.path})
    return DONE
