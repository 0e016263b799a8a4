"""A module is named after its subject."""

from tests.gates.tree import list_modules, name_of

EMPTY_WORDS = {"common", "data", "helper", "helpers", "info", "manager", "managers", "misc", "util", "utils"}


def test_no_module_or_package_has_a_name_that_fits_anything() -> None:
    empty = [
        name_of(path)
        for path in list_modules()
        if EMPTY_WORDS.intersection(name_of(path).removesuffix(".py").split("/"))
    ]

    assert empty == []
