"""One step of an import in a process of its own, in small batches: what a test kills.

`python -m tests.imports.one_step STEP IMPORT TIME BATCH`
"""

import sys
from datetime import datetime
from uuid import UUID

import django


def main(step: str, job_id: str, now: str, batch: str) -> None:
    """Write a file, or take it back."""
    django.setup()
    from hearth.core.actor import Actor  # noqa: PLC0415  (needs Django started)
    from hearth.imports import reading  # noqa: PLC0415
    from hearth.imports.models import ImportJob  # noqa: PLC0415
    from hearth.imports.services import commit_file, reverting  # noqa: PLC0415

    reading.BATCH = reverting.BATCH = int(batch)
    work = {"commit": commit_file, "revert": reverting.revert_file}[step]
    job = ImportJob.objects.get(pk=UUID(job_id))
    work(job, actor=Actor.system("test"), now=datetime.fromisoformat(now))


if __name__ == "__main__":
    main(*sys.argv[1:])
