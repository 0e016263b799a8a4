"""Files stay small enough to be read in one sitting."""

from tests.gates.tree import count_lines, list_files, list_modules, name_of

MODULE_LINES = 400
TEMPLATE_LINES = 300
FILE_BYTES = 600_000


def test_no_module_is_longer_than_400_lines() -> None:
    long = {name_of(path): count_lines(path) for path in list_modules() if count_lines(path) > MODULE_LINES}

    assert long == {}


def test_no_template_is_longer_than_300_lines() -> None:
    templates = [path for path in list_files() if "templates" in path.parts]

    long = {name_of(path): count_lines(path) for path in templates if count_lines(path) > TEMPLATE_LINES}

    assert long == {}


def test_no_file_is_heavier_than_600_kilobytes() -> None:
    heavy = {name_of(path): path.stat().st_size for path in list_files() if path.stat().st_size > FILE_BYTES}

    assert heavy == {}
