"""Pieces of work that take seconds: loading, copying, counting, addressing. Each beside its floor."""

import csv
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from django.utils import timezone

from benchmarks import (
    audit_chain,
    clocks,
    exports,
    funnels,
    identities,
    import_memory,
    merges,
    rotation,
    work_floors,
)
from benchmarks.load import Times, timed
from benchmarks.webhook_times import first_attempts, post_alone
from hearth.audit.coverage import watched_models
from hearth.campaigns.models import CampaignMember, Treatment
from hearth.campaigns.services.audience import draw_audience
from hearth.campaigns.services.launch import launch_campaign, queue_campaign_mails
from hearth.campaigns.services.planning import CampaignPlan, TreatmentPlan, create_campaign, set_treatments
from hearth.core.actor import Actor
from hearth.imports.commands import import_file
from hearth.imports.services import check_file, receive_file
from hearth.imports.services.checking import begin_check
from hearth.organization.models import OrgUnit
from hearth.segments.counting import estimate, exact_count
from hearth.segments.models import Segment
from hearth.segments.services import create_segment, materialise
from hearth.warehouse.models import Snapshot
from hearth.warehouse.services import take_snapshot

IMPORTED, MANY, ADDRESSED = 100_000, 1_000_000, 100_000
LONGEST_RECENCY = 900
SYSTEM = Actor.system("bench")
RULE = {
    "all": [
        {"field": "value_tier", "op": "in", "value": ["top", "large"]},
        {
            "behaviour": "contact",
            "where": [{"field": "channel", "op": "in", "value": ["visit"]}],
            "days": 730,
            "aggregate": "at_least_once",
        },
        {
            "not": {
                "behaviour": "case",
                "where": [{"field": "kind", "op": "in", "value": ["complaint"]}],
                "days": 365,
                "aggregate": "at_least_once",
            }
        },
    ]
}


class WorkFailed(Exception):
    """A piece of work did not come to its end."""


@dataclass
class Stage:
    """What the pieces of work share, one after the other."""

    owner: psycopg.Connection[Any]
    folder: Path
    customers: int
    group: OrgUnit
    notes: dict[str, object] = field(default_factory=dict)
    _snapshot: Snapshot | None = None

    @property
    def snapshot(self) -> Snapshot:
        if self._snapshot is None:
            self._snapshot = take_snapshot(actor=SYSTEM, now=timezone.now())
        return self._snapshot


@dataclass(frozen=True)
class Work:
    """A piece of work, what engine or server alone need for it, and the longest it may take (ms): half of the turns,
    or all but one in twenty where `is_tail`. Without a floor where that of a tenth of the work stands beside it."""

    name: str
    run: Callable[[Stage], Times]
    floor: Callable[[Stage], Times] | None
    most: float | None = None
    is_tail: bool = False


IMPORTED_FIELDS = ("external_key", "name", "phones", "email", "source")


def write_customers(folder: Path, rows: int = IMPORTED, *, mark: str = "I") -> Path:
    """Write a file of new customers; the same one each time. Keys bear a mark, so that two files do not meet."""
    path = folder / "customers.csv"
    chance = Random(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(IMPORTED_FIELDS)
        for number in range(rows):
            phone, key = f"137{chance.randrange(10**8):08}", f"{mark}{number}"
            lines.writerow((f"BENCH-{key}", f"Bench {number}", phone, f"{key.lower()}@example.com", "call"))
    return path


def preview_customers(stage: Stage, size: int) -> Times:
    """Receive a file and look through every row, as the wizard does before anything is written."""
    path, now = write_customers(stage.folder, size, mark=f"I{size}-"), timezone.now()
    company = OrgUnit.objects.filter(kind=OrgUnit.Kind.CITY_COMPANY).order_by("id")[:1].get()
    states: list[str] = []

    def work() -> None:
        job = receive_file(path, kind="customers", org_unit=company, actor=SYSTEM, now=now)
        job = check_file(begin_check(job, actor=SYSTEM, now=now), actor=SYSTEM, now=now)
        states.append(f"{job.state} {job.total_rows} {job.bad_rows}")

    times = timed(work)
    if states[-1] != f"checked {size} 0":
        raise WorkFailed(states[-1])
    return times


def import_customers(stage: Stage, size: int) -> Times:
    return import_file_of(stage.folder, size, mark=f"I{size}-")


def import_file_of(folder: Path, rows: int, *, mark: str = "I") -> Times:
    """Receive, check and write a file as `hearth import` does."""
    path = write_customers(folder, rows, mark=mark)
    mapping = {name: {"column": name} for name in IMPORTED_FIELDS}
    code = OrgUnit.objects.filter(kind=OrgUnit.Kind.CITY_COMPANY).order_by("id")[:1].get().code
    said: list[str] = []
    times = timed(
        lambda: said.append(str(import_file("customers", path, code, mapping=mapping, echo=said.append)))
    )
    if said[-1] != "0":
        raise WorkFailed(" ".join(said[:5]))
    return times


def import_unnoted(stage: Stage) -> Times:
    """Import as many rows while the audit log watches no table."""
    try:
        _switch_triggers(stage, "DISABLE")
        return import_file_of(stage.folder, IMPORTED - 1, mark="U-")
    finally:
        _switch_triggers(stage, "ENABLE")


def _switch_triggers(stage: Stage, wanted: str) -> None:
    for model in watched_models():
        for trigger in ("audit_insert", "audit_update", "audit_delete"):
            stage.owner.execute(f"ALTER TABLE {model._meta.db_table} {wanted} TRIGGER {trigger}".encode())


def take_full_snapshot(stage: Stage) -> Times:
    def work() -> None:
        stage._snapshot = take_snapshot(actor=SYSTEM, now=timezone.now(), is_full=True)

    times = timed(work)
    size = sum(path.stat().st_size for path in stage.folder.glob("warehouse/**/*.parquet"))
    stage.notes["snapshot MB"] = round(size / 1e6)
    return times


def take_growth(stage: Stage) -> Times:
    """Take a second snapshot, to which the stream of events only adds what is new."""
    _ = stage.snapshot
    return timed(lambda: take_snapshot(actor=SYSTEM, now=timezone.now()))


def estimate_rule(stage: Stage) -> Times:
    _ = stage.snapshot
    estimate(RULE, org_unit=stage.group)
    return timed(lambda: estimate(RULE, org_unit=stage.group), times=15)


def count_rule(stage: Stage) -> Times:
    snapshot = stage.snapshot
    stage.notes["segment size"] = exact_count(RULE, org_unit=stage.group, snapshot=snapshot)
    return timed(lambda: exact_count(RULE, org_unit=stage.group, snapshot=snapshot), times=7)


def materialise_rule(stage: Stage) -> Times:
    _ = stage.snapshot
    segment = _segment(stage, RULE)
    return timed(lambda: materialise(segment, actor=SYSTEM, now=timezone.now()), times=3)


def _segment(stage: Stage, rule: dict[str, Any]) -> Segment:
    now = timezone.now()
    return create_segment(
        org_unit=stage.group, name=f"Bench {now.isoformat()}", rule=rule, actor=SYSTEM, now=now
    )


def address_segment(stage: Stage) -> Times:
    """Draw the audience, launch, and do what the queued jobs do until every mail is a row in the queue."""
    _ = stage.snapshot
    recency = LONGEST_RECENCY * min(1, ADDRESSED / stage.customers)
    rule = {"field": "recency_days", "op": "lte", "value": round(recency)}
    now, segment = timezone.now(), _segment(stage, rule)
    stage.notes["campaign audience"] = materialise(segment, actor=SYSTEM, now=now).size
    campaign = create_campaign(
        stage.group, plan=CampaignPlan(name=f"Bench {now}", segment=segment), actor=SYSTEM, now=now
    )
    mail = TreatmentPlan(
        "Mail", Treatment.Channel.EMAIL, Decimal("0.9"), subject="Hello {name}", body="{link} {opt_out}"
    )
    control = TreatmentPlan("Control", Treatment.Channel.NONE, Decimal("0.1"))
    set_treatments(campaign, [mail, control], actor=SYSTEM, now=now)

    def work() -> None:
        draw_audience(campaign, actor=SYSTEM, now=now)
        launch_campaign(campaign, actor=SYSTEM, now=now)
        stage.notes["mails queued"] = _queue_mails(campaign.pk, now)

    return timed(work)


def _queue_mails(campaign_id: UUID, now: datetime) -> int:
    members = CampaignMember.objects.filter(
        campaign_id=campaign_id, treatment__channel=Treatment.Channel.EMAIL
    )
    ids = list(members.order_by("id").values_list("id", flat=True))
    return sum(
        queue_campaign_mails(ids[start : start + 1_000], now=now) for start in range(0, len(ids), 1_000)
    )


def send_webhooks(stage: Stage) -> Times:
    return first_attempts(stage.group)


WORKS: Sequence[Work] = (
    Work("preview of 100,000 rows", partial(preview_customers, size=IMPORTED), work_floors.read_rows, 6_000),
    Work(
        "import of 100,000 rows", partial(import_customers, size=IMPORTED), work_floors.copy_imported, 96_000
    ),
    Work(
        "import of 100,000 rows, noted by the audit log",
        lambda stage: import_file_of(stage.folder, IMPORTED + 1, mark="A-"),
        import_unnoted,
    ),
    *(
        Work(
            f"export of all customers, {table_format}",
            partial(exports.write_customers, table_format=table_format),
            exports.copy_customers,
        )
        for table_format in ("csv", "xlsx", "ndjson", "parquet")
    ),
    Work("import of 300,000 rows, memory", import_memory.compare_sizes, work_floors.read_rows),
    Work("snapshot, all rows", take_full_snapshot, work_floors.copy_out),
    Work("snapshot, what is new", take_growth, work_floors.copy_out),
    Work("segment: estimate", estimate_rule, work_floors.count_alone, 500),
    Work("segment: exact count", count_rule, work_floors.count_alone, 2_000),
    Work("segment: materialise", materialise_rule, work_floors.list_alone, 5_000),
    Work("campaign of 100,000 to the queue", address_segment, work_floors.insert_campaign),
    Work("merge of two records", merges.merge_one, merges.repoint_one, 300, is_tail=True),
    Work("merge of 5,000 groups", merges.merge_many, merges.repoint_many, 60_000),
    Work("audit log: closing blocks", audit_chain.close_blocks, audit_chain.rewrite_waiting),
    Work("audit log: verifying the chain", audit_chain.verify_chain, audit_chain.read_values),
    Work("keys: everything under a new one", rotation.change_keys, rotation.rewrite_alone),
    Work("keys: search under a new one", rotation.change_index_key, rotation.rewrite_indexes),
    Work("clocks of 100,000 open cases", clocks.recompute_all, clocks.rewrite_alone, 10_000),
    Work("funnel of a year of leads", funnels.part_all, funnels.count_alone, 2_000),
    Work("webhook: commit to arrival", send_webhooks, lambda _stage: post_alone(), 3_000),
    Work("duplicates: while typing", identities.ask_while_typing, identities.look_up_phone, 50, is_tail=True),
    Work("duplicates: search of all customers", identities.search_all, identities.read_records),
    Work("duplicates: search of what changed", identities.search_changes, identities.read_records),
    *(
        Work(
            f"duplicates: register of {size:,}",
            partial(identities.find_in_register, size=size),
            partial(identities.join_register, size=size),
            most,
        )
        for size, most in ((identities.SMALL, None), (identities.LARGE, 25_000))
    ),
    # The last: what they write is in the way of all others.
    Work("preview of 1,000,000 rows", partial(preview_customers, size=MANY), work_floors.read_rows, 60_000),
    Work("import of 1,000,000 rows", partial(import_customers, size=MANY), None, 900_000),
)

LEFT_BEHIND = (
    "TRUNCATE exports_export, customers_duplicatepair, insight_duplicatesearch, "
    "campaigns_response, campaigns_campaignmember, campaigns_treatment, campaigns_campaign, "
    "segments_segmentmember, segments_segmentcount, segments_segment, channels_message, imports_importissue, "
    "imports_importrow, imports_rememberedmapping, imports_importjob, warehouse_snapshot, procrastinate_jobs CASCADE",
    "CREATE TEMP TABLE benched ON COMMIT DROP AS SELECT id FROM customers_customer WHERE external_key LIKE 'BENCH-%'",
    "DELETE FROM customers_contactpoint WHERE customer_id IN (SELECT id FROM benched)",
    "DELETE FROM customers_customerplace WHERE customer_id IN (SELECT id FROM benched)",
    "DELETE FROM customers_customerprofile WHERE customer_id IN (SELECT id FROM benched)",
    *clocks.LEFT_BEHIND,
    *funnels.LEFT_BEHIND,
    "DELETE FROM core_eventrecord WHERE customer_id IN (SELECT id FROM benched) AND occurred_at > now() - "
    "interval '2 days'",
    "DELETE FROM customers_customer WHERE id IN (SELECT id FROM benched)",
    "TRUNCATE audit_auditentry, audit_auditseal",
)


def tidy(owner: psycopg.Connection[Any], folder: Path) -> None:
    """Take away what a run left behind, so that the next one finds the same data."""
    with owner.transaction():
        for statement in LEFT_BEHIND:
            owner.execute(statement.encode())
    shutil.rmtree(folder / "warehouse", ignore_errors=True)
    shutil.rmtree(folder / "files", ignore_errors=True)
    for table in (
        "customers_customer",
        "customers_contactpoint",
        "customers_customerplace",
        "core_eventrecord",
    ):
        owner.execute(f"VACUUM ANALYZE {table}".encode())
