"""Snapshots of what stands in the test's transaction, runs over them, and rows to score."""

from datetime import date, datetime
from decimal import Decimal
from itertools import count

from django.db import connection

from hearth.analytics.profile_rules import ProfileRules
from hearth.cases.models import Case
from hearth.channels.models import Interaction
from hearth.core.actor import Actor
from hearth.core.extracts import extracts
from hearth.customers.models import Customer, UnitRole
from hearth.customers.services import ProfileValues, write_profiles
from hearth.insight.expression import TABLES
from hearth.insight.models import ScoringRun
from hearth.insight.services import run_scoring
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.sales.models import Contract, Payment
from hearth.warehouse.manifests import Manifest, TableFiles, warehouse_folder, write_manifest
from hearth.warehouse.models import Snapshot
from hearth.warehouse.parquet import arrow_schema, read_rows, write_whole
from tests.customers.builders import make_home

SYSTEM = Actor.system("test")
_numbers = count(1)


def snapshot_here(now: datetime) -> Snapshot:
    """Copy the tables that profiles need, as this transaction sees them, into a real snapshot."""
    snapshot = Snapshot.objects.create(
        taken_at=now, state=Snapshot.State.DONE, created_at=now, updated_at=now
    )
    files = {}
    for name in TABLES:
        extract = extracts[name]
        path = warehouse_folder() / "tables" / name / f"{snapshot.id}.parquet"
        with connection.cursor() as cursor:
            blocks = read_rows(cursor.cursor, extract.sql, extract.columns)
            rows = write_whole(blocks, path, arrow_schema(extract.columns))
        relative = path.relative_to(warehouse_folder()).as_posix()
        files[name] = TableFiles(dict(extract.columns), [relative], rows)
    write_manifest(Manifest(str(snapshot.id), now.isoformat(), tables=files))
    return snapshot


def score_here(now: datetime) -> ScoringRun:
    """Compute all profiles from what stands in this transaction."""
    return run_scoring(snapshot_here(now), actor=SYSTEM, now=now)


def make_contract(
    customer: Customer,
    org_unit: OrgUnit,
    *,
    at: datetime,
    signed: date,
    amount: int = 2_000_000,
    handed_over: date | None = None,
) -> Contract:
    """Write a contract with its home and owner; no events."""
    unit = make_home(org_unit)
    Unit.objects.filter(pk=unit.pk).update(handover_date=handed_over)
    UnitRole.objects.create(
        customer=customer, unit=unit, role="owner", valid_from=signed, created_at=at, updated_at=at
    )
    return Contract.objects.create(
        customer=customer,
        unit=unit,
        org_unit=org_unit,
        number=f"C{next(_numbers)}",
        signed_date=signed,
        total_amount=Decimal(amount),
        created_at=at,
        updated_at=at,
    )


def make_payment(
    customer: Customer,
    org_unit: OrgUnit,
    *,
    at: datetime,
    paid: date,
    amount: Decimal | int,
    contract: Contract | None = None,
) -> Payment:
    return Payment.objects.create(
        customer=customer,
        org_unit=org_unit,
        contract=contract,
        receipt_number=f"R{next(_numbers)}",
        paid_date=paid,
        amount=Decimal(amount),
        created_at=at,
        updated_at=at,
    )


def make_contact(
    customer: Customer,
    org_unit: OrgUnit,
    *,
    at: datetime,
    channel: str = "phone",
    direction: str = "inbound",
) -> Interaction:
    return Interaction.objects.create(
        customer=customer,
        org_unit=org_unit,
        channel=channel,
        direction=direction,
        summary="来电",
        occurred_at=at,
        created_at=at,
        updated_at=at,
    )


def make_case(
    customer: Customer,
    org_unit: OrgUnit,
    *,
    at: datetime,
    kind: str = "complaint",
    closed_at: datetime | None = None,
) -> Case:
    return Case.objects.create(
        customer=customer,
        org_unit=org_unit,
        kind=kind,
        state=Case.State.CLOSED if closed_at else Case.State.OPEN,
        channel="phone",
        title="漏水",
        body="阳台漏水",
        opened_at=at,
        closed_at=closed_at,
        created_at=at,
        updated_at=at,
    )


def make_run(now: datetime, *, cuts: dict[str, float] | None = None) -> ScoringRun:
    """Write a finished run over a snapshot without files."""
    snapshot = Snapshot.objects.create(
        taken_at=now, state=Snapshot.State.DONE, created_at=now, updated_at=now
    )
    return ScoringRun.objects.create(
        snapshot=snapshot,
        as_of_at=now,
        state=ScoringRun.State.DONE,
        rules=ProfileRules().to_json(),
        cut_points=cuts or {"top": 5_000_000.0, "large": 3_000_000.0, "medium": 1_000_000.0},
        created_at=now,
        updated_at=now,
    )


def make_scored(
    customer: Customer,
    run: ScoringRun,
    *,
    stage: str = "stable_owner",
    tier: str = "small",
    action: str = "serve",
    amount: int = 0,
    complaints: int = 0,
    contacts: dict[str, int] | None = None,
) -> None:
    """Write what a run would say of a customer."""
    anchored = {} if stage == "prospect" else {"owner_stage_date": "2024-05-01"}
    values = ProfileValues(
        customer_id=customer.pk,
        recency_days=12,
        purchase_recency_days=None if tier in {"prospect", "suspect"} else 400,
        frequency=0 if tier in {"prospect", "suspect"} else 1,
        monetary_amount=Decimal(amount),
        contacts=contacts or {},
        open_complaints=complaints,
        homes=1,
        owner_stage=stage,
        value_tier=tier,
        portfolio_action=action,
        explanation={"activity_now": 1, "activity_before": 4} | anchored,
    )
    write_profiles([values], now=run.as_of_at, run_id=run.pk)
