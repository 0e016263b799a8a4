"""Writes the description of the API where it is committed."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from hearth.api.openapi import write_document


class Command(BaseCommand):
    help = "Write docs/openapi.json."

    def handle(self, *args: Any, **options: Any) -> None:
        (Path(settings.ROOT) / "docs" / "openapi.json").write_text(write_document(), encoding="utf-8")
