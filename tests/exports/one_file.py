"""Writing one export in a process of its own, in small portions: what a test kills.

`python -m tests.exports.one_file EXPORT TIME PORTION`
"""

import sys
from datetime import datetime
from uuid import UUID

import django


def main(export_id: str, now: str, portion: str) -> None:
    """Write a file."""
    django.setup()
    from hearth.exports.models import Export  # noqa: PLC0415  (needs Django started)
    from hearth.exports.services import writing  # noqa: PLC0415

    writing.PORTION = int(portion)
    export = Export.objects.select_related("created_by").get(pk=UUID(export_id))
    writing.write_export(export, now=datetime.fromisoformat(now))


if __name__ == "__main__":
    main(*sys.argv[1:])
