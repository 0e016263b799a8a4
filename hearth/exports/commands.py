"""`hearth export KIND FILE`: a list written to a file on the server, for the operator, with a person's rights."""

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path

from django.http import QueryDict
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from hearth.accounts.models import User
from hearth.core.errors import DomainError
from hearth.exports.files import path_of
from hearth.exports.models import Export
from hearth.exports.refusals import UnknownFilter
from hearth.exports.selectors import Chosen, error_words
from hearth.exports.services import ask_export, give_file, write_export
from hearth.exports.watermark import trace_file
from hearth.lib.typed_tables import ENDINGS
from hearth.lists.definitions import lists
from hearth.lists.filters import Reader
from hearth.lists.selectors import open_list
from hearth.lists.table import columns_of
from hearth.organization.selectors import actor_for

DONE, REFUSED, USAGE = 0, 1, 2
Echo = Callable[[str], object]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("kind", metavar="KIND", choices=sorted(lists), help="; ".join(sorted(lists)))
    parser.add_argument("file", metavar="FILE", type=Path, help="its ending names the format")
    parser.add_argument(
        "--as", dest="username", metavar="USERNAME", required=True, help="export what this person may see"
    )
    parser.add_argument("--reason", required=True, help="what the file is needed for; it is kept")
    parser.add_argument("--view", default="all", help="a saved view, or one that ships")
    parser.add_argument(
        "--filter", metavar="NAME=VALUE", action="append", default=[], help="as in the address"
    )
    parser.add_argument("--columns", default="", help="keys with commas; else those of the view")
    parser.add_argument("--format", default="", choices=["", *Export.Format.values])


def run(arguments: argparse.Namespace, *, echo: Echo = print) -> int:
    """Write one file and return the exit code: 0 done, 1 refused, 2 wrongly called."""
    user = User.objects.filter(username=arguments.username, is_active=True).first()
    table_format = arguments.format or _format_of(arguments.file)
    target: Path = arguments.file
    if user is None or not table_format or target.exists() or not target.parent.is_dir():
        echo(_("There is no such person, no such folder or format, or the file is there already."))
        return USAGE
    with override(user.language):
        try:
            export = _write(arguments, user, table_format)
        except DomainError as refusal:
            echo(str(refusal))
            return REFUSED
        if export.state == Export.State.HELD:
            echo(_("The file waits for a second person: it has more rows than one may take alone."))
            return REFUSED
        if export.state != Export.State.DONE:
            echo(str(error_words(export)))
            return REFUSED
        words = {"rows": export.written_rows, "path": target}
        echo(_("%(rows)s rows are written to %(path)s.") % words)
    return DONE


def trace(path: Path, *, echo: Echo = print) -> int:
    """Say which exports a file comes from by its hidden mark; return 0 when one is found, else 1, 2 without a file."""
    if not path.is_file():
        echo(_("There is no such file."))
        return USAGE
    found = trace_file(path)
    for each in found:
        words = {
            "code": each.export.code,
            "name": each.export.name,
            "who": each.export.created_by,
            "when": localtime(each.export.created_at).strftime("%Y-%m-%d %H:%M"),
            "why": each.export.reason,
            "agreeing": each.agreeing,
            "rows": each.rows,
        }
        echo(_("%(code)s %(name)s: %(who)s, %(when)s, %(why)s (%(agreeing)s of %(rows)s rows agree)") % words)
    if not found:
        echo(_("No export is known by these rows: there are too few, or another program wrote them anew."))
    return DONE if found else REFUSED


def _format_of(path: Path) -> str:
    endings = {ending: each.value for each, ending in reversed(ENDINGS.items())}
    return endings.get(path.suffix.removeprefix(".").lower(), "")


def _write(arguments: argparse.Namespace, user: User, table_format: str) -> Export:
    """Ask, write and take a file in the name of a person; the export stays on record as one of theirs.

    :raises UnknownFilter: if the list does not know a filter or the view
    """
    actor, now = actor_for(user, today=timezone.localdate()), timezone.now()
    definition = lists[arguments.kind].extended(actor)
    asked = QueryDict(mutable=True)
    asked["view"] = arguments.view
    for pair in arguments.filter:
        name, _equals, value = pair.partition("=")
        asked[name] = value
    opened = open_list(definition, asked, Reader(actor, timezone.localdate()))
    if opened.state.ignored or opened.is_view_missing:
        raise UnknownFilter("filters", names=", ".join(opened.state.ignored) or arguments.view)
    shown = [column.key for column in columns_of(opened, definition.columns_for(actor))]
    export = ask_export(
        Chosen(definition, opened.state.narrowing()),
        columns=arguments.columns.split(",") if arguments.columns else shown,
        table_format=table_format,
        reason=arguments.reason,
        actor=actor,
        now=now,
        is_queued=False,
    )
    export = write_export(export, now=now)
    if export.state == Export.State.DONE:
        shutil.copyfile(give_file(export, actor=actor, now=now), arguments.file)
        arguments.file.chmod(path_of(export).stat().st_mode & 0o777)
    return export
