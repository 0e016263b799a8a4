"""Every icon that is drawn is among those the set-up copies."""

import re

from hearth.core.navigation import places
from hearth.imports.kinds import import_kinds
from hearth.workspace.timeline import FAMILIES
from tests.gates.tree import ROOT

LISTED = set((ROOT / "hearth/core/icons.txt").read_text().split())
IN_TEMPLATES = re.compile(r"""(?:\{% icon |icon_name=)"([a-z0-9-]+)\"""")
IN_CODE = re.compile(r"""icon(?:_name)?=\s*"([a-z0-9-]+)\"""")


def test_icons_of_templates_are_listed() -> None:
    sources = (path.read_text() for path in (ROOT / "hearth").glob("**/templates/**/*.html"))

    drawn = {name for source in sources for name in IN_TEMPLATES.findall(source)}

    assert drawn - LISTED == set()


def test_icons_of_code_are_listed() -> None:
    sources = (path.read_text() for path in (ROOT / "hearth").glob("**/*.py"))
    named = {name for source in sources for name in IN_CODE.findall(source)}
    registered = {place.icon for place in places.values()} | {kind.icon for kind in import_kinds.values()}
    families = {icon for _label, icon, _colour in FAMILIES.values()}

    assert (named | registered | families) - LISTED == set()
