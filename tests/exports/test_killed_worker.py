"""A worker that is killed while it writes leaves no file that anybody could take; the next one begins anew."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.utils import timezone

from hearth.core.models import EventRecord
from hearth.exports.files import folder, path_of
from hearth.exports.models import Export
from hearth.exports.refusals import FileNotThere
from hearth.exports.services import give_file, remove_old_files
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.exports.builders import actor_of, content_of, make_export, make_exporter, write
from tests.processes import environment_of_test

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROWS = 300


def kill_in_the_middle(export: Export) -> Export:
    """Have a process of its own write a file row by row, and kill it when some are written."""
    environment = environment_of_test() | {
        "DJANGO_SETTINGS_MODULE": "hearth.config.settings",
        "HEARTH_VAR": str(Path(settings.MEDIA_ROOT).parent),
    }
    words = [sys.executable, "-m", "tests.exports.one_file", str(export.pk), timezone.now().isoformat(), "1"]
    process = subprocess.Popen(words, env=environment, cwd=settings.ROOT)
    try:
        deadline = time.monotonic() + 60
        while Export.objects.values_list("written_rows", flat=True).get(pk=export.pk) < 20:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == -signal.SIGKILL
    return Export.objects.get(pk=export.pk)


@pytest.mark.parametrize("table_format", ["csv", "xlsx"])
def test_no_half_file_can_be_taken_and_the_next_attempt_writes_it_whole(
    tmp_path: Path, company: OrgUnit, settings: LazySettings, table_format: str
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    user = make_exporter(company)
    for number in range(ROWS):
        make_customer(company, name=f"客户{number:03}")
    now = timezone.now()
    export = make_export(user, "name", table_format=table_format, parameters={"sort": "name"}, now=now)

    killed = kill_in_the_middle(export)
    with pytest.raises(FileNotThere):
        give_file(killed, actor=actor_of(user), now=now)
    half = path_of(killed)
    done = write(killed, now=now)

    assert (killed.state, killed.attempts, 20 <= killed.written_rows < ROWS) == ("running", 1, True)
    assert (done.state, done.attempts, done.written_rows) == ("done", 2, ROWS)
    assert sorted(row[0] for row in content_of(done)[1]) == [f"客户{number:03}" for number in range(ROWS)]
    assert EventRecord.objects.filter(type="exports.list_exported").count() == 1
    assert half != path_of(done)
    remove_old_files(now=timezone.now() + timedelta(days=2))
    assert not half.exists()
    assert [path for path in folder().iterdir() if path != path_of(done)] == []
