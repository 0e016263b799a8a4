"""Write docs/requirements.md: which row of the acceptance table is met where, and which test proves it.

    python -m tools.requirements_table

Tests name their row with `@pytest.mark.requirement("S48")`; docs/requirements.toml says in our own words what
Hearth does about it.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORDING = Path("docs/requirements.toml")
TABLE = Path("docs/requirements.md")
LAST_ROW = 285
OPENING = """# What Hearth does, row by row

Each row of the acceptance table, what Hearth does about it, where to find it, and the tests that prove it.
Generated from `docs/requirements.toml` and the marks on the tests by `python -m tools.requirements_table`.

| Row | What it does | Where | Proved by |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Proof:
    """A test that proves a row."""

    row: str
    file: str
    test: str

    @property
    def sentence(self) -> str:
        """The test's name as it is read aloud."""
        return self.test.removeprefix("test_").replace("_", " ")


@dataclass(frozen=True)
class Wording:
    """What Hearth does about a row, and the page or command where it does it."""

    does: str
    where: str


def find_proofs(root: Path = ROOT) -> list[Proof]:
    """Return a proof for each mark on a test, ordered by file; tests are read, not imported."""
    proofs = []
    for path in sorted((root / "tests").rglob("test_*.py")):
        source = path.read_text(encoding="utf-8")
        if "mark.requirement" in source:
            name = path.relative_to(root).as_posix()
            proofs += [Proof(row, name, test) for row, test in _read_marks(ast.parse(source, filename=name))]
    return proofs


def _read_marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield row and test; a mark may also stand on one case of a parametrized test."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            calls = [part for decorator in node.decorator_list for part in ast.walk(decorator)]
            rows = [_read_row(call) for call in calls if isinstance(call, ast.Call) and _is_mark(call)]
            yield from ((row, node.name) for row in dict.fromkeys(rows))


def _is_mark(call: ast.Call) -> bool:
    return ast.unparse(call.func).endswith("mark.requirement")


def _read_row(call: ast.Call) -> str:
    """Return the row; a mark that is not one text is returned as written, so that the check names it."""
    argument = call.args[0] if len(call.args) == 1 else None
    is_text = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    return str(argument.value) if is_text and isinstance(argument, ast.Constant) else ast.unparse(call)


def read_wordings(root: Path = ROOT) -> dict[str, Wording]:
    """Return the hand-written half of the table by row."""
    entries = tomllib.loads((root / WORDING).read_text(encoding="utf-8"))
    return {row: Wording(entry["does"], entry["where"]) for row, entry in entries.items()}


def is_row(name: str) -> bool:
    """Tell whether the acceptance table has a row of this name."""
    number = name.removeprefix("S")
    return (
        name.startswith("S")
        and number.isdecimal()
        and name == f"S{int(number)}"
        and 1 <= int(number) <= LAST_ROW
    )


def check_rows(proofs: list[Proof], wordings: dict[str, Wording]) -> list[str]:
    """Return a sentence for each row that has no test, no wording, or no place in the acceptance table."""
    proved = {proof.row for proof in proofs}
    problems = [
        f"{row} is no row of the acceptance table"
        for row in sorted(proved | set(wordings))
        if not is_row(row)
    ]
    problems += [
        f"{row} is proved by a test but {WORDING} does not word it" for row in sorted(proved - set(wordings))
    ]
    problems += [f"{row} is worded but no test proves it" for row in sorted(set(wordings) - proved)]
    return problems


def render_table(proofs: list[Proof], wordings: dict[str, Wording]) -> str:
    """Return the page, ordered by number; rows that lack their other half are left to `check_rows`."""
    lines = []
    for row in sorted(filter(is_row, wordings), key=lambda name: int(name[1:])):
        tests = "<br>".join(f"{proof.sentence} (`{proof.file}`)" for proof in proofs if proof.row == row)
        cells = (_escape(wordings[row].does), _escape(wordings[row].where), tests)
        lines.append(f"| {row} | {' | '.join(cells)} |\n")
    return OPENING + "".join(lines)


def _escape(text: str) -> str:
    """Keep a cell in its cell: bars would end it, and a path parameter would be taken for a tag."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")


def main() -> int:
    """Write the page, and name the rows that are not whole."""
    proofs, wordings = find_proofs(), read_wordings()
    (ROOT / TABLE).write_text(render_table(proofs, wordings), encoding="utf-8")
    problems = check_rows(proofs, wordings)
    print("\n".join(problems) or f"{len(wordings)} rows.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
