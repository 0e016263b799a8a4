"""Keep the Simplified Chinese catalogues in step with the texts in the code.

    python -m tools.messages extract   add the texts that are new, drop those no longer used
    python -m tools.messages compile   write the .mo files that Django reads
    python -m tools.messages check     say what is missing, stale or malformed

English is the text in the code itself. Needs neither GNU gettext nor Django's settings.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
import polib

from tools.msgids import HAN_OR_PUNCTUATION, Findings, Message, Problem, read_module, read_template

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
CHINESE_ALLOWED = {"analytics", "demo", "lib"}
NOT_OURS_TO_TRANSLATE = {"migrations", "tests"}
TEMPLATES = {".html", ".txt", ".xml"}
PLURAL_FORMS = "nplurals=1; plural=0;"
HEADER = {
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": PLURAL_FORMS,
}
PERCENT = re.compile(r"%(?:\((\w+)\))?[#0+-]*\d*(?:\.\d+)?[sdifeg]")
BRACE = re.compile(r"\{(\w*)(?:[:!][^{}]*)?\}")

Key = tuple[str | None, str]


def find_packages(root: Path = ROOT) -> list[Path]:
    """Return the folders of the packages inside `hearth`, by name."""
    return sorted(init.parent for init in (root / "hearth").glob("*/__init__.py"))


def find_apps(root: Path = ROOT) -> list[Path]:
    """Return the packages that Django installs: only their catalogues are ever read."""
    return [package for package in find_packages(root) if (package / "apps.py").exists()]


def read_app(app: Path) -> Findings:
    """Read every module and template of an app, migrations and tests left out."""
    findings = Findings()
    for path in sorted(app.rglob("*.py")):
        if not NOT_OURS_TO_TRANSLATE.intersection(path.relative_to(app).parts):
            findings.add(read_module(path, chinese_allowed=app.name in CHINESE_ALLOWED))
    for path in sorted((app / "templates").rglob("*")):
        if path.suffix in TEMPLATES:
            findings.add(read_template(path))
    return findings


def extract_messages(root: Path = ROOT) -> list[str]:
    """Bring every catalogue in step with the code and return what changed, a line an app.

    Translations that stand are kept. A new text takes the translation that another app has for it, as
    Django would show that one anyway. Entries are ordered by their text, so that two people who add
    texts rarely meet on the same line, and a second run changes nothing.
    """
    changes = []
    elsewhere = _collect_translations(root)
    for app in find_apps(root):
        used = _unite(read_app(app).messages)
        path = app / CATALOGUE
        if not used and not path.exists():
            continue
        known = _read_entries(path)
        catalogue = polib.POFile(wrapwidth=110)
        catalogue.metadata = HEADER
        for key in sorted(used, key=lambda key: (key[1].casefold(), key[1], key[0] or "")):
            catalogue.append(_update_entry(_choose_entry(key, known, elsewhere), used[key], app))
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
        added, dropped = len(used.keys() - known.keys()), len(known.keys() - used.keys())
        if added or dropped:
            changes.append(f"{app.name}: {added} added, {dropped} dropped")
    return changes


def compile_catalogues(root: Path = ROOT) -> list[Path]:
    """Write the .mo file beside every catalogue that is newer than it and return what was written."""
    written = []
    for app in find_apps(root):
        path = app / CATALOGUE
        target = path.with_suffix(".mo")
        if path.exists() and (not target.exists() or target.stat().st_mtime < path.stat().st_mtime):
            _read_catalogue(path).save_as_mofile(str(target))
            written.append(target)
    return written


def check_messages(root: Path = ROOT) -> list[Problem]:
    """Return everything that keeps a reader of either language from a text in that language alone."""
    problems: list[Problem] = []
    translations: dict[Key, tuple[str, Path]] = {}
    apps = find_apps(root)
    for package in find_packages(root):
        findings = read_app(package)
        used = _unite(findings.messages)
        problems += findings.problems
        problems += _check_msgids(findings.messages)
        if package not in apps:
            problems += _check_outside_apps(used)
            continue
        path = package / CATALOGUE
        if not path.exists():
            problems += [_untranslated(message) for message in used.values()]
            continue
        try:
            catalogue = _read_catalogue(path)
        except OSError as error:
            problems.append(Problem(path, 0, str(error).removeprefix(f"Syntax error in po file {path} ")))
            continue
        problems += _check_catalogue(path, catalogue, used)
        problems += _find_rival_translations(path, catalogue, translations)
    return problems


def _unite(messages: list[Message]) -> dict[Key, Message]:
    """Key the messages; where a text is used with and without a plural, the plural form stands."""
    used: dict[Key, Message] = {}
    for message in messages:
        if message.key not in used or used[message.key].plural is None:
            used[message.key] = message
    return used


def _read_catalogue(path: Path) -> polib.POFile:
    return polib.pofile(str(path), wrapwidth=110, encoding="utf-8")


def _collect_translations(root: Path) -> dict[Key, polib.POEntry]:
    entries = (entry for app in find_apps(root) for entry in _read_entries(app / CATALOGUE).values())
    return {_key_of(entry): entry for entry in entries if entry.translated()}


def _read_entries(path: Path) -> dict[Key, polib.POEntry]:
    """Return the live entries of a catalogue, none where there is no file yet."""
    catalogue = _read_catalogue(path) if path.exists() else []
    return {_key_of(entry): entry for entry in catalogue if not entry.obsolete}


def _key_of(entry: polib.POEntry) -> Key:
    return (entry.msgctxt, entry.msgid)


def _choose_entry(
    key: Key, known: dict[Key, polib.POEntry], elsewhere: dict[Key, polib.POEntry]
) -> polib.POEntry | None:
    entry = known.get(key)
    return entry if entry is not None and _text_of(entry) else elsewhere.get(key, entry)


def _update_entry(entry: polib.POEntry | None, message: Message, app: Path) -> polib.POEntry:
    """Return an entry for `message` that keeps translation and comments of the old one.

    Files are named without lines: a line number would change the catalogue at every edit of the code.
    """
    text = "" if entry is None else _text_of(entry)
    fresh = polib.POEntry(msgctxt=message.context, msgid=message.text)
    fresh.occurrences = [(str(message.path.relative_to(app)), "")]
    if message.plural is None:
        fresh.msgstr = text
    else:
        fresh.msgid_plural = message.plural
        fresh.msgstr_plural = {0: text}
    if entry is not None:
        fresh.flags, fresh.comment, fresh.tcomment = entry.flags, entry.comment, entry.tcomment
    return fresh


def _text_of(entry: polib.POEntry) -> str:
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def _check_outside_apps(used: dict[Key, Message]) -> Iterator[Problem]:
    """Yield the texts that no catalogue can serve; Django's own serves the names of languages."""
    if used:
        path = Path(django.__file__).parent / "conf" / CATALOGUE.with_suffix(".mo")
        served = {_key_of(entry) for entry in polib.mofile(str(path))}
        for key in used.keys() - served:
            text = f"Django reads no catalogue outside of apps: {key[1]!r}"
            yield Problem(used[key].path, used[key].line, text)


def _check_msgids(messages: list[Message]) -> Iterator[Problem]:
    plurals: dict[Key, str] = {}
    for message in messages:
        if HAN_OR_PUNCTUATION.search(message.text + (message.plural or "")):
            yield Problem(message.path, message.line, f"a text in the code is English: {message.text!r}")
        if message.plural is not None and plurals.setdefault(message.key, message.plural) != message.plural:
            yield Problem(message.path, message.line, f"{message.text!r} has two plurals")


def _check_catalogue(path: Path, catalogue: polib.POFile, used: dict[Key, Message]) -> Iterator[Problem]:
    for name in ("Content-Type", "Plural-Forms"):
        if catalogue.metadata.get(name) != HEADER[name]:
            yield Problem(path, 1, f"the header lacks '{name}: {HEADER[name]}'")
    seen: set[Key] = set()
    for entry in catalogue:
        key = _key_of(entry)
        if entry.obsolete or key not in used:
            yield Problem(path, entry.linenum, f"no longer used: {entry.msgid!r}")
        elif key in seen:
            yield Problem(path, entry.linenum, f"translated twice: {entry.msgid!r}")
        else:
            yield from _check_entry(path, entry, used[key])
        seen.add(key)
    for key in used.keys() - seen:
        yield _untranslated(used[key])


def _check_entry(path: Path, entry: polib.POEntry, message: Message) -> Iterator[Problem]:
    text = _text_of(entry)
    if not text:
        yield _untranslated(message)
        return
    if entry.fuzzy:
        yield Problem(path, entry.linenum, f"fuzzy: {entry.msgid!r}")
    if (entry.msgid_plural or None) != message.plural:
        yield Problem(path, entry.linenum, f"the plural differs from the code: {entry.msgid!r}")
        return
    required = _find_placeholders(message.plural or message.text)
    if _find_placeholders(text) != required:
        wanted = ", ".join(required) or "none"
        yield Problem(
            path, entry.linenum, f"placeholders of {entry.msgid!r} are {wanted}, not those of {text!r}"
        )


def _find_placeholders(text: str) -> list[str]:
    """Return the placeholders of a text: named ones once, in order of name; unnamed ones as they come."""
    plain = text.replace("%%", "")
    percent = list(PERCENT.finditer(plain))
    braces = [found.group() for found in BRACE.finditer(plain)]
    named = {f"%({found.group(1)})" for found in percent if found.group(1)} | set(braces) - {"{}"}
    unnamed = [found.group() for found in percent if not found.group(1)]
    return sorted(named) + unnamed + ["{}"] * braces.count("{}")


def _find_rival_translations(
    path: Path, catalogue: polib.POFile, translations: dict[Key, tuple[str, Path]]
) -> Iterator[Problem]:
    """Yield the texts that another app has translated otherwise.

    Django joins all catalogues into one, where the first app installed wins for every page: two meanings
    of an English word need a context (pgettext, or `context` in the tag).
    """
    for entry in catalogue:
        text = _text_of(entry)
        first, where = translations.setdefault(_key_of(entry), (text, path))
        if text and first and first != text:
            rival = f"{where.parents[3].name} says {first!r}, here {text!r}: agree, or give a context"
            yield Problem(path, entry.linenum, f"{entry.msgid!r} is translated two ways: {rival}")


def _untranslated(message: Message) -> Problem:
    return Problem(message.path, message.line, f"no Chinese for {message.text!r}")


def main(arguments: list[str] | None = None) -> int:
    """Run one of the three commands; the exit code is 1 when `check` found something."""
    parser = argparse.ArgumentParser(prog="python -m tools.messages")
    parser.add_argument("command", choices=("extract", "compile", "check"))
    command = parser.parse_args(arguments).command
    if command == "extract":
        print("\n".join(extract_messages()) or "Nothing changed.")
    elif command == "compile":
        print(f"{len(compile_catalogues())} catalogues compiled.")
    else:
        problems = sorted(check_messages(), key=lambda problem: (problem.path, problem.line))
        for problem in problems:
            print(f"{problem.path.relative_to(ROOT)}:{problem.line}: {problem.text}")
        return 1 if problems else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
