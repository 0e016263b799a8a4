"""Every code that reading a file can give has words, in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import hearth.lib
from hearth.imports.kinds import Problem, import_kinds
from hearth.imports.reading import Issue
from hearth.imports.sentences import SENTENCES
from hearth.imports.wording import explain_file, explain_in_place

LIB = Path(hearth.lib.__file__).parent
FAMILY_OF = {
    "FileProblem": "file",
    "RowProblem": "row",
    "CellError": "cell",
    "InvalidPhone": "phone",
    "InvalidEmail": "email",
    "InvalidIdentityNumber": "identity",
}
# Raised by writing and mapping, never by reading a cell of an import.
CODE_MAKERS = {"_why_not", "_quote_code"}


def find_codes(path: Path) -> Iterator[tuple[str, str]]:
    """Yield family and code of each refusal in a module of `hearth.lib`, also of codes chosen beforehand."""
    tree = ast.parse(path.read_text())
    families = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FAMILY_OF:
            family = FAMILY_OF[node.func.id]
            families.add(family)
            place = 1 if family == "row" else 0
            for argument in node.args[place : place + 1]:
                yield from ((family, code) for code in strings_of(argument))
    for node in ast.walk(tree):
        chosen: ast.expr | None = None
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            chosen = node.value if node.targets[0].id == "code" else None
        if chosen is not None:
            family = "row" if path.name == "tabular_model.py" else families.copy().pop()
            yield from ((family, code) for code in strings_of(chosen))
        if isinstance(node, ast.FunctionDef) and node.name in CODE_MAKERS:
            family = "file" if node.name == "_quote_code" else families.copy().pop()
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    yield from ((family, code) for code in strings_of(inner.value))


def strings_of(node: ast.expr) -> Iterator[str]:
    """Yield the strings an expression may give, those it only compares with left out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings_of(node.body)
        yield from strings_of(node.orelse)


def list_codes() -> list[str]:
    return sorted({f"{family}.{code}" for path in LIB.rglob("*.py") for family, code in find_codes(path)})


def test_every_code_of_the_reading_library_has_words() -> None:
    codes = list_codes()

    assert len(codes) >= 65
    assert [code for code in codes if code not in SENTENCES] == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_sentence_can_be_filled_whatever_parameters_are_missing(language: str) -> None:
    with translation.override(language):
        sentences = {code: explain_file(code, {}) for code in SENTENCES}

    assert [code for code, sentence in sentences.items() if not sentence or "%(" in sentence] == []


def test_an_issue_names_row_column_and_cell() -> None:
    issue = Issue(7, "手机", "phone.too_short", {"value": "138****"})

    with translation.override("zh-hans"):
        words = explain_in_place(issue, import_kinds["units"])

    assert words == "第 7 行“手机”列的“138****”：电话号码位数不够。"


def test_a_kind_has_words_for_its_own_codes() -> None:
    problem = Problem(3, "number", "doubled_unit", {"first_row": 2})

    with translation.override("en"):
        words = explain_in_place(
            Issue(problem.row, "Room", problem.code, dict(problem.params)), import_kinds["units"]
        )

    assert words == "Row 3, column “Room”: The same home stands in row 2 already."
