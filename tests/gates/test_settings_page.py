"""The page of settings names every variable the code reads."""

import re

from tests.gates.tree import ROOT

PAGE = ROOT / "docs/users/settings.md"
CALL = r"(?:env\.\w+|\bfolder|\bnumber|\bflag|\btext|environ(?:\.get|\.setdefault)?)"
READ = re.compile(CALL + r"""[(\[]\s*["']((?:HEARTH|DATABASE)_\w+)""")


def test_every_variable_that_is_read_is_documented_and_the_other_way_round() -> None:
    sources = (ROOT / "hearth").glob("**/*.py")

    read = {name for path in sources for name in READ.findall(path.read_text())}

    documented = set(re.findall(r"`((?:HEARTH|DATABASE)_\w+)`", PAGE.read_text()))
    assert read == documented
