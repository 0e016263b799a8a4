"""What was planted in the demo, in a form that programs can check their findings against."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from hearth.core.models import StoredFile
from hearth.demo.city.experiments import CAMPAIGNS, CampaignPlan
from hearth.demo.city.families import Families, Tie
from hearth.demo.city.records import Delay, Duplicate, Leak, ProjectCity
from hearth.demo.loading.project import LoadedProject

FILE_NAME = "demo-truth.json"


@dataclass(frozen=True)
class DuplicateTruth:
    """Two customers who are one person; keys are the external keys, `kind` says how the entries differ."""

    first_key: str
    second_key: str
    kind: str
    first_id: str
    second_id: str


@dataclass(frozen=True)
class LeakTruth:
    """Homes that water reached, in order, with the day of each."""

    project: str
    project_id: str
    building_key: str
    building_id: str
    first_unit_key: str
    first_unit_id: str
    unit_keys: tuple[str, ...]
    unit_ids: tuple[str, ...]
    days: tuple[str, ...]


@dataclass(frozen=True)
class DelayTruth:
    """The building that was handed over late."""

    project: str
    project_id: str
    building_key: str
    building_id: str
    promised_date: str
    handover_date: str
    days_late: int
    topic: str = "延期交付"


@dataclass(frozen=True)
class CampaignTruth:
    """What a campaign's message truly adds to the share that responds, in points."""

    key: str
    name: str
    id: str
    control_percent: float
    effect_points: float


@dataclass(frozen=True)
class TieTruth:
    """Two customers who are related: the first is the parent, payer, … of the other."""

    kind: str
    key: str
    other_key: str
    id: str
    other_id: str


@dataclass(frozen=True)
class NeedTruth:
    """Somebody who looks for something else than before; purposes in the order in which they were stated."""

    key: str
    id: str
    purposes: tuple[str, ...]


@dataclass
class CityTruth:
    """Everything planted, with the size and the seed that make the same city again."""

    households: int
    seed: int
    today: str
    loaded_at: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    duplicates: list[DuplicateTruth] = field(default_factory=list)
    leak: LeakTruth | None = None
    delay: DelayTruth | None = None
    campaigns: list[CampaignTruth] = field(default_factory=list)
    ties: list[TieTruth] = field(default_factory=list)
    changed_needs: list[NeedTruth] = field(default_factory=list)

    def note_project(self, city: ProjectCity, loaded: LoadedProject) -> None:
        """Take in what one project holds."""
        self.duplicates.extend(_duplicate(pair, loaded) for pair in city.duplicates)
        if city.leak:
            self.leak = _leak(city.leak, loaded)
        if city.delay:
            self.delay = _delay(city.delay, loaded)

    def note_families(self, families: Families, loaded: LoadedProject) -> None:
        """Take in who belongs to whom, and who looks for something else now."""
        self.ties = [_tie(tie, loaded) for tie in families.ties]
        self.changed_needs = [
            NeedTruth(person, str(loaded.customers[person].pk), tuple(one.purpose for one in versions))
            for person, versions in families.needs.items()
            if len(versions) > 1
        ]

    def note_campaigns(self, ids: Mapping[str, UUID]) -> None:
        """Take in the campaigns whose effect is known."""
        self.campaigns = [_campaign(plan, ids[plan.key]) for plan in CAMPAIGNS]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def _duplicate(pair: Duplicate, loaded: LoadedProject) -> DuplicateTruth:
    first, second = loaded.customers[pair.first], loaded.customers[pair.second]
    return DuplicateTruth(pair.first, pair.second, pair.kind, str(first.pk), str(second.pk))


def _tie(tie: Tie, loaded: LoadedProject) -> TieTruth:
    first, second = loaded.customers[tie.key], loaded.customers[tie.other]
    return TieTruth(tie.kind, tie.key, tie.other, str(first.pk), str(second.pk))


def _leak(leak: Leak, loaded: LoadedProject) -> LeakTruth:
    unit_ids = tuple(str(loaded.units[key]) for key in leak.homes)
    return LeakTruth(
        project=loaded.project.name,
        project_id=str(loaded.project.pk),
        building_key=leak.building,
        building_id=str(loaded.buildings[leak.building]),
        first_unit_key=leak.homes[0],
        first_unit_id=unit_ids[0],
        unit_keys=leak.homes,
        unit_ids=unit_ids,
        days=tuple(day.isoformat() for day in leak.days),
    )


def _delay(delay: Delay, loaded: LoadedProject) -> DelayTruth:
    return DelayTruth(
        project=loaded.project.name,
        project_id=str(loaded.project.pk),
        building_key=delay.building,
        building_id=str(loaded.buildings[delay.building]),
        promised_date=delay.promised_date.isoformat(),
        handover_date=delay.handover_date.isoformat(),
        days_late=(delay.handover_date - delay.promised_date).days,
    )


def _campaign(plan: CampaignPlan, campaign_id: UUID) -> CampaignTruth:
    return CampaignTruth(
        plan.key, plan.name, str(campaign_id), round(plan.base_rate * 100, 2), round(plan.lift * 100, 2)
    )


def begin_truth(households: int, *, seed: int, today: date, now: datetime) -> CityTruth:
    return CityTruth(households, seed, today.isoformat(), now.isoformat())


def keep_truth(truth: CityTruth, *, now: datetime) -> StoredFile:
    """Write the truths as a file of the installation."""
    content = json.dumps(truth.as_json(), ensure_ascii=False, indent=1).encode()
    row = StoredFile(
        name=FILE_NAME,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        is_sample=True,
        created_at=now,
        updated_at=now,
    )
    row.file.save(f"{row.id}.json", ContentFile(content), save=False)
    row.save(force_insert=True)
    return row


def read_truth() -> dict[str, Any] | None:
    """Return the truths of the demo that is loaded; None when there is none."""
    row = StoredFile.objects.filter(is_sample=True, name=FILE_NAME).order_by("-created_at", "-id").first()
    if row is None:
        return None
    with row.file.open("rb") as file:
        truth: dict[str, Any] = json.load(file)
    return truth
