"""Files that came in, samples of them, and what records said before."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.crypto import open_sealed
from hearth.core.models import StoredFile
from hearth.core.personal_data import (
    ErasureMustWait,
    Person,
    holds_none,
    naming,
    register_personal_data,
    sealed_texts,
)
from hearth.core.personal_files import empty_file, names_in_file
from hearth.core.retention import KeptKind, Way, keep_for_a_time
from hearth.imports.models import (
    BEFORE,
    ImportIssue,
    ImportJob,
    ImportRow,
    ImportSource,
    RememberedMapping,
)

FINISHED = (
    ImportJob.State.DONE,
    ImportJob.State.REVERTED,
    ImportJob.State.FAILED,
    ImportJob.State.CANCELLED,
)


class ImportUnderWay(ErasureMustWait):
    """A file that speaks of the person is not yet done with."""

    code = "import_under_way"
    message = _("An import that speaks of this customer is not finished. Finish it or give it up first.")


def erase_imports(person: Person, now: datetime) -> int:
    """Empty files that speak of the person, with the samples and the complaints about their rows.

    Files that brought the person in are emptied whatever else they hold; others only where they hold a word of the
    person.

    :raises ImportUnderWay: if such a file is not done with
    """
    own = set(ImportRow.objects.filter(record_id__in=person.ids).values_list("job_id", flat=True))
    number = 0
    files = ("source_file", "result_file", "revert_file")
    for job in ImportJob.objects.select_related(*files).order_by("id"):
        words = person.words | person.names if job.pk in own else person.words
        speaking = [file for name in files if (file := getattr(job, name)) and _speaks(file, words)]
        if not speaking and not person.is_named_in(job.sample_rows):
            continue
        if job.state not in FINISHED:
            raise ImportUnderWay
        for file in speaking:
            empty_file(file)
        job.sample_rows, job.updated_at = [], now
        job.save(update_fields=["sample_rows", "updated_at"])
        number += 1
    emptied = naming(ImportIssue.objects.all(), person, "params").update(params={})
    return number + emptied + ImportIssue.objects.filter(job__in=own).exclude(params={}).update(params={})


def _speaks(file: StoredFile, words: frozenset[str]) -> bool:
    return any(word in file.name for word in words) or names_in_file(Path(file.file.path), words)


def erase_rows(person: Person, now: datetime) -> int:
    """Forget what the record said before a row changed it; the row cannot be taken back any more."""
    rows = ImportRow.objects.filter(record_id__in=person.ids, before_sealed__isnull=False)
    return rows.update(before_sealed=None)


def _texts() -> Iterator[str]:
    rows = ImportRow.objects.filter(before_sealed__isnull=False, record_id__isnull=False)
    for row in rows.iterator():
        if row.before_sealed and row.record_id:
            yield open_sealed(bytes(row.before_sealed), column=BEFORE, row_id=row.record_id)


register_personal_data("imports.files", _("Imported files"), ImportJob, ImportIssue, erase=erase_imports)
register_personal_data("imports.rows", _("Rows of imports"), ImportRow, erase=erase_rows)
holds_none(RememberedMapping, because="How columns are read, not what stands in them.")
holds_none(ImportSource, because="Where files come from.")
sealed_texts.register(BEFORE, _texts)


def empty_imports(ids: Sequence[UUID], now: datetime) -> int:
    """Empty the files of imports with their samples and complaints; what they brought in is not touched."""
    jobs = ImportJob.objects.filter(pk__in=ids).select_related("source_file", "result_file", "revert_file")
    for job in jobs:
        for file in (job.source_file, job.result_file, job.revert_file):
            if file:
                empty_file(file)
    ImportIssue.objects.filter(job__in=ids).update(params={})
    ImportRow.objects.filter(job__in=ids).update(before_sealed=None)
    return ImportJob.objects.filter(pk__in=ids).update(sample_rows=[], updated_at=now)


keep_for_a_time(
    KeptKind(
        code="imports.files",
        label=_("Imported files"),
        due=lambda before: ImportJob.objects.filter(
            updated_at__lt=before, state__in=FINISHED, is_sample=False, source_file__size__gt=0
        ),
        ways={Way.ANONYMISE: empty_imports},
        portion=50,
    ),
)
