"""The table of requirements tells the truth: every row is worded, proved and reachable."""

import re
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, URLResolver, get_resolver, path
from django.urls.resolvers import RoutePattern

from tools.requirements_table import (
    ROOT,
    TABLE,
    Proof,
    Wording,
    check_rows,
    find_proofs,
    read_wordings,
    render_table,
)

PARAMETER = re.compile(r"<[^>]*>")


def list_routes(resolver: URLResolver, prefix: str = "/") -> set[str]:
    """Return every route with its parameters blanked, so that `<uuid:pk>` and `<id>` are one."""
    routes = set()
    for entry in resolver.url_patterns:
        route = f"{prefix}{entry.pattern}"
        routes |= (
            list_routes(entry, route) if isinstance(entry, URLResolver) else {PARAMETER.sub("<>", route)}
        )
    return routes


def show_nothing(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Stand behind the routes of a small site."""
    return HttpResponse()


def is_reachable(where: str, resolver: URLResolver) -> bool:
    """Tell whether `where`, up to its first space, `?` or `#`, is an address of the site."""
    address = re.split(r"[?#\s]", where, maxsplit=1)[0]
    if "<" in address:
        return PARAMETER.sub("<>", address) in list_routes(resolver)
    try:
        resolver.resolve(address)
    except Resolver404:
        return False
    return True


def test_the_table_is_written_anew_after_every_change() -> None:
    table = (ROOT / TABLE).read_text(encoding="utf-8")

    assert table == render_table(find_proofs(), read_wordings())


def test_every_row_is_worded_and_proved() -> None:
    problems = check_rows(find_proofs(), read_wordings())

    assert problems == []


def test_every_page_the_table_names_exists() -> None:
    pages = {row: wording.where for row, wording in read_wordings().items() if wording.where.startswith("/")}

    missing = {row: where for row, where in pages.items() if not is_reachable(where, get_resolver())}

    assert missing == {}


def test_marks_are_read_from_tests_and_from_single_cases(tmp_path: Path) -> None:
    file = tmp_path / "tests" / "shop" / "test_a.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        "import pytest\n"
        "@pytest.mark.requirement('S2')\n"
        "@pytest.mark.requirement('S10')\n"
        "async def test_a_home_is_held() -> None: ...\n"
        "@pytest.mark.parametrize('n', [1, pytest.param(2, marks=pytest.mark.requirement('S3'))])\n"
        "def test_a_home_is_sold(n: int) -> None: ...\n"
        "@pytest.mark.requirement(ROW)\n"
        "def test_b() -> None: ...\n"
        "def test_c() -> None: ...\n"
    )

    proofs = find_proofs(tmp_path)

    name = "tests/shop/test_a.py"
    assert proofs == [
        Proof("S2", name, "test_a_home_is_held"),
        Proof("S10", name, "test_a_home_is_held"),
        Proof("S3", name, "test_a_home_is_sold"),
        Proof("pytest.mark.requirement(ROW)", name, "test_b"),
    ]


def test_rows_are_ordered_by_number_and_cells_stay_whole() -> None:
    proofs = [Proof("S10", "tests/a.py", "test_a_home_is_held"), Proof("S2", "tests/a.py", "test_b")]
    wordings = {"S10": Wording("Holds a | b", "/homes/<uuid:pk>/"), "S2": Wording("Does", "the docs")}

    table = render_table(proofs, wordings)

    assert table.splitlines()[-2:] == [
        "| S2 | Does | the docs | b (`tests/a.py`) |",
        "| S10 | Holds a \\| b | /homes/&lt;uuid:pk&gt;/ | a home is held (`tests/a.py`) |",
    ]


def test_a_row_that_is_not_whole_is_named() -> None:
    proofs = [Proof("S1", "tests/a.py", "test_a"), Proof("S286", "tests/a.py", "test_b")]
    wordings = {"S285": Wording("Does", "here"), "S286": Wording("Does", "here")}

    problems = check_rows(proofs, wordings)

    assert problems == [
        "S286 is no row of the acceptance table",
        "S1 is proved by a test but docs/requirements.toml does not word it",
        "S285 is worded but no test proves it",
    ]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("/homes/", True),
        ("/homes/?peek=1 the side panel", True),
        ("/homes/<id>/ the header", True),
        ("/homes/12/", True),
        ("/homes/<id>/price/", False),
        ("/houses/", False),
    ],
)
def test_a_page_is_looked_up_among_the_routes(where: str, expected: bool) -> None:
    routes = [path("homes/", show_nothing), path("homes/<int:pk>/", show_nothing)]
    resolver = URLResolver(RoutePattern("/"), routes)

    reachable = is_reachable(where, resolver)

    assert reachable is expected
