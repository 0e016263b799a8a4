"""Groups of measures."""

from benchmarks.groups import GROUPS
from benchmarks.pages import PAGES
from benchmarks.works import WORKS
from hearth.cli.analysis import BENCH_GROUPS


def test_the_command_knows_every_group() -> None:
    assert sorted(GROUPS) == sorted(BENCH_GROUPS)


def test_a_group_names_measures_that_there_are() -> None:
    names = [
        *(page.name for page in PAGES),
        *(work.name for work in WORKS),
        "memory",
        "the fence: start page",
    ]

    idle = {part for group in GROUPS.values() for part in group if not any(part in name for name in names)}

    assert not idle
