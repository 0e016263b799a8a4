"""Find the texts that Python modules and Django templates hand to gettext."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import trim_whitespace

# The positions of context, text and plural among the arguments.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
# Full-width punctuation in a template is Chinese text too: an English page would show it.
HAN_OR_PUNCTUATION = re.compile(
    r"[\u3001-\u3003\u3008-\u3011\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff5e]"
)
QUOTED = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
LITERAL = re.compile(rf"^{QUOTED}")
UNDERSCORE = re.compile(rf"_\(\s*{QUOTED}\s*\)")
DOMAIN_MARK = "# domain data"
TRANSLATION = "django.utils.translation"


@dataclass(frozen=True)
class Message:
    """A text as gettext will look it up."""

    text: str
    path: Path
    line: int
    context: str | None = None
    plural: str | None = None

    @property
    def key(self) -> tuple[str | None, str]:
        """What gettext holds one translation for: the plural is not part of it."""
        return (self.context, self.text)


@dataclass(frozen=True)
class Problem:
    """Something a person has to mend, and where."""

    path: Path
    line: int
    text: str


@dataclass
class Findings:
    """The messages of some files, and what is wrong with those files."""

    messages: list[Message] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: "Findings") -> None:
        """Take over everything that `other` found."""
        self.messages += other.messages
        self.problems += other.problems


def read_module(path: Path, *, chinese_allowed: bool = False) -> Findings:
    """Read the messages of a Python module, and the Chinese that bypasses gettext.

    Chinese is not looked at where it is allowed, nor in a module whose opening comment is `# domain data`.
    """
    source = path.read_text(encoding="utf-8")
    has_han = HAN.search(source) is not None
    if "gettext" not in source and not has_han:
        return Findings()
    tree = ast.parse(source, filename=str(path))
    reader = _ModuleReader(path, tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            reader.read_call(node)
    if has_han and not chinese_allowed and not _is_domain_data(source):
        reader.findings.problems += _find_bare_chinese(path, tree, source, reader.translated)
    return reader.findings


class _ModuleReader:
    """One pass over the calls of one module."""

    def __init__(self, path: Path, tree: ast.Module) -> None:
        self.path = path
        self.findings = Findings()
        self.translated: set[int] = set()
        self.names: dict[str, str] = {}
        self.modules: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION:
                self.names.update({a.asname or a.name: a.name for a in node.names if a.name in FUNCTIONS})
            elif isinstance(node, ast.ImportFrom) and node.module == "django.utils":
                self.modules.update(a.asname or a.name for a in node.names if a.name == "translation")
            elif isinstance(node, ast.Import):
                self.modules.update(a.asname or a.name for a in node.names if a.name == TRANSLATION)

    def read_call(self, call: ast.Call) -> None:
        """Note the message of a call of gettext, or why it cannot be read; other calls are passed over."""
        function = self._resolve_function(call.func)
        if function is None:
            return
        places = FUNCTIONS[function]
        if len(call.args) <= max(place for place in places if place is not None):
            self._complain(call, f"{function}: give the texts as positional arguments")
            return
        arguments = [None if place is None else call.args[place] for place in places]
        if any(argument is not None and _is_composed(argument) for argument in arguments):
            self._complain(call, f"{function}: the text is put together before it is translated")
            return
        context, text, plural = (_read_constant(argument) for argument in arguments)
        self.translated.update(id(argument) for argument in arguments if argument is not None)
        # A variable holds a text that was marked elsewhere, by gettext_noop or by a choices class.
        if text is not None:
            self.findings.messages.append(Message(text, self.path, call.lineno, context, plural))

    def _resolve_function(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            return self.names.get(node.id)
        if (
            isinstance(node, ast.Attribute)
            and node.attr in FUNCTIONS
            and ast.unparse(node.value) in self.modules
        ):
            return node.attr
        return None

    def _complain(self, node: ast.expr, text: str) -> None:
        self.findings.problems.append(Problem(self.path, node.lineno, text))


def _is_composed(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "format"
    return isinstance(node, ast.JoinedStr | ast.BinOp)


def _read_constant(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_domain_data(source: str) -> bool:
    return any(line.startswith(DOMAIN_MARK) for line in source.splitlines()[:10])


def _find_bare_chinese(path: Path, tree: ast.Module, source: str, translated: set[int]) -> Iterator[Problem]:
    lines = source.splitlines()
    allowed = translated | _find_docstrings(tree) | _find_language_names(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) in allowed or not HAN.search(node.value):
            continue
        # A range written as \u4e00-\u9fff is a rule about Chinese, not a text in it.
        if HAN.search("".join(lines[node.lineno - 1 : node.end_lineno])):
            yield Problem(path, node.lineno, f"Chinese outside gettext: {node.value[:40]!r}")


def _find_docstrings(tree: ast.Module) -> set[int]:
    return {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in node.body[:1]
        if isinstance(statement, ast.Expr)
    }


def _find_language_names(tree: ast.Module) -> set[int]:
    """Each language is listed under its own name, so that its readers find it."""
    return {
        id(node)
        for statement in tree.body
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "LANGUAGES"
        for node in ast.walk(statement.value)
    }


def read_template(path: Path) -> Findings:
    """Read the messages of a template, and the Chinese that stands outside of translation tags."""
    reader = _TemplateReader(path)
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        reader.read(token)
    if reader.opening is not None:
        reader.complain(reader.opening, "blocktranslate is not closed")
    return reader.findings


class _TemplateReader:
    """Walks the tokens of one template and remembers the block it is in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings = Findings()
        self.in_comment = False
        self.opening: Token | None = None
        self.parts: list[list[str]] = [[]]

    def read(self, token: Token) -> None:
        """Take the next token."""
        tag = (
            token.contents.split(maxsplit=1)[0]
            if token.contents and token.token_type == TokenType.BLOCK
            else ""
        )
        if self.in_comment or tag == "comment":
            self.in_comment = tag != "endcomment"
        elif token.token_type == TokenType.COMMENT:
            return
        elif self.opening is not None:
            self._read_inside_block(token, tag)
        elif tag in {"blocktranslate", "blocktrans"}:
            self.opening, self.parts = token, [[]]
            self._read_underscores(token)
        elif tag in {"translate", "trans"}:
            self._read_translate(token)
        else:
            self._read_underscores(token)
            self._refuse_chinese(token)

    def complain(self, token: Token, text: str) -> None:
        """Note a problem at the line of `token`."""
        self.findings.problems.append(Problem(self.path, _line_of(token), text))

    def _read_translate(self, token: Token) -> None:
        bits = list(smart_split(token.contents))[1:]
        literal = LITERAL.match(bits[0]) if bits else None
        if literal is None:
            self._read_underscores(token)
            return
        context = _read_context(bits)
        # Django doubles the percent sign before it asks gettext, and halves it afterwards.
        text = unescape_string_literal(literal.group(1)).replace("%", "%%")
        self._note(token, text, context=context)

    def _read_inside_block(self, token: Token, tag: str) -> None:
        if token.token_type == TokenType.TEXT:
            self.parts[-1].append(token.contents.replace("%", "%%"))
        elif token.token_type == TokenType.VAR:
            if not token.contents.isidentifier():
                self.complain(token, f"blocktranslate knows plain names only, not {{{{ {token.contents} }}}}")
            self.parts[-1].append(f"%({token.contents})s")
        elif tag == "plural":
            self.parts.append([])
        elif tag in {"endblocktranslate", "endblocktrans"}:
            self._close_block()
        else:
            self.complain(token, f"blocktranslate holds no tags, not {{% {token.contents} %}}")

    def _close_block(self) -> None:
        assert self.opening is not None
        bits = list(smart_split(self.opening.contents))[1:]
        texts = ["".join(part) for part in self.parts]
        if "trimmed" in bits:
            texts = [trim_whitespace(text) for text in texts]
        plural = texts[1] if len(texts) > 1 else None
        self._note(self.opening, texts[0], context=_read_context(bits), plural=plural)
        self.opening = None

    def _read_underscores(self, token: Token) -> None:
        if token.token_type == TokenType.TEXT:
            return
        for found in UNDERSCORE.finditer(token.contents):
            text = unescape_string_literal(found.group(1))
            if "%" in text:
                self.complain(token, f'_("{text}") would show "%%": use the translate tag')
            self._note(token, text)

    def _refuse_chinese(self, token: Token) -> None:
        for offset, line in enumerate(token.contents.splitlines()):
            if HAN_OR_PUNCTUATION.search(UNDERSCORE.sub("", line)):
                text = f"Chinese outside of translation tags: {line.strip()[:40]!r}"
                self.findings.problems.append(Problem(self.path, _line_of(token) + offset, text))

    def _note(
        self, token: Token, text: str, *, context: str | None = None, plural: str | None = None
    ) -> None:
        self.findings.messages.append(Message(text, self.path, _line_of(token), context, plural))


def _read_context(bits: list[str]) -> str | None:
    for word, value in pairwise(bits):
        if word == "context" and (literal := LITERAL.match(value)):
            return str(unescape_string_literal(literal.group(1)))
    return None


def _line_of(token: Token) -> int:
    return token.lineno or 0
