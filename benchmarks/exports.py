"""Files with all customers, as somebody of the group gets them, and how much memory that takes."""

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from benchmarks.load import Times, timed
from hearth.accounts.models import User
from hearth.core.permissions import permissions
from hearth.exports.files import path_of
from hearth.exports.models import Export
from hearth.exports.selectors import Chosen
from hearth.exports.services import ask_export, write_export
from hearth.lists.definitions import lists
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.organization.selectors import actor_for

if TYPE_CHECKING:
    from benchmarks.works import Stage

COLUMNS = ("id", "name", "phone", "stage", "tier", "homes", "place", "responsible", "contact")
# The very values of the columns above, as the server alone joins and writes them.
SELECTED = """
    SELECT c.id, c.name, (SELECT p.value_sealed FROM customers_contactpoint p
            WHERE p.customer_id = c.id AND p.kind = 'phone' AND NOT p.is_blocked ORDER BY p.is_primary DESC LIMIT 1),
        f.owner_stage, f.value_tier,
        (SELECT count(DISTINCT r.unit_id) FROM customers_unitrole r WHERE r.customer_id = c.id AND r.valid_to IS NULL),
        (SELECT string_agg(o.name, ', ') FROM customers_customerplace k
            JOIN organization_orgunit o ON o.id = k.org_unit_id WHERE k.customer_id = c.id),
        u.display_name, c.last_contact_at
    FROM customers_customer c
    LEFT JOIN customers_customerprofile f ON f.customer_id = c.id
    LEFT JOIN accounts_user u ON u.id = c.responsible_id
    WHERE c.merged_into_id IS NULL ORDER BY c.updated_at DESC, c.id DESC
"""


class ExportFailed(Exception):
    """A file did not come to its end."""


def _exporter() -> User:
    """Return somebody of the group who holds every right."""
    user: User
    role, _is_new = Role.objects.update_or_create(
        code="bench", defaults={"name_zh": "", "name_en": "bench", "permissions": sorted(permissions)}
    )
    user, _is_new = User.objects.get_or_create(
        username="bench-export", defaults={"display_name": "export", "created_at": timezone.now()}
    )
    group = OrgUnit.objects.get(depth=0)
    Membership.objects.get_or_create(
        user=user, org_unit=group, role=role, defaults={"valid_from": date(2020, 1, 1)}
    )
    return user


def write_customers(stage: "Stage", table_format: str) -> Times:
    """Write every customer to a file, as the job does."""
    actor, now = actor_for(_exporter(), today=timezone.localdate()), timezone.now()
    export = ask_export(
        Chosen(lists["customers"].extended(actor), {}),
        columns=COLUMNS,
        table_format=table_format,
        reason="benchmark",
        actor=actor,
        now=now,
        is_queued=False,
    )
    export = Export.objects.select_related("created_by").get(pk=export.pk)
    _forget_peak()
    before, begun = _memory("VmRSS"), time.process_time()
    times = timed(lambda: write_export(export, now=now))
    own = time.process_time() - begun
    if export.state != Export.State.DONE:
        raise ExportFailed(export.error_code)
    rows = export.written_rows
    stage.notes[f"export {table_format}"] = (
        f"{rows:,} rows, {rows / times.p50 * 1000:,.0f} a second ({own:,.1f} s of its own processor time), "
        f"{path_of(export).stat().st_size / 1e6:,.1f} MB; memory {before} MB before, {_memory('VmHWM')} MB at most"
    )
    return times


def copy_customers(stage: "Stage") -> Times:
    """COPY of the same columns to nowhere; phones stay sealed."""

    def work() -> None:
        with stage.owner.cursor().copy(f"COPY ({SELECTED}) TO STDOUT (FORMAT csv)".encode()) as copy:
            for _block in copy:
                pass

    return timed(work)


def _forget_peak() -> None:
    """Have the kernel count the highest use of memory anew."""
    Path("/proc/self/clear_refs").write_text("5")


def _memory(name: str) -> int:
    """Return a figure of this process in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith(f"{name}:")]
    return int(line.split()[1]) // 1024
