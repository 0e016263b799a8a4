"""Where the real files are, and the command that brings them in."""

import argparse
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from hearth.imports.commands import add_arguments, run

FOLDER = Path(settings.ROOT).parent / "shared" / "data"
HILLSTROM = FOLDER / "hillstrom" / "hillstrom.csv"
MESSAGES = FOLDER / "citizen_messages" / "messages_with_replies.parquet"


def needs(path: Path) -> pytest.MarkDecorator:
    """Skip a test where its file is missing."""
    return pytest.mark.skipif(not path.exists(), reason="the data set is not beside the project")


def run_import(kind: str, path: Path, *words: str) -> tuple[int, list[str]]:
    """Run `hearth import KIND PATH --place SZ …` and return its exit code and what it said, without the path."""
    parser, lines = argparse.ArgumentParser(), list[str]()
    add_arguments(parser)
    with translation.override("en"):
        code = run(parser.parse_args([kind, str(path), "--place", "SZ", *words]), echo=lines.append)
    return code, lines[:-1] if code == 0 else lines
