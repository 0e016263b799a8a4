"""What the city consists of; plain values that know neither Django nor the database.

Keys are texts that are the same for the same seed; days are local days, instants carry the zone of Shanghai.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
IDENTIFY_NEEDS, MAKE_PLAN, EXECUTE_PLAN, FINISH = "identify_needs", "make_plan", "execute_plan", "finish"


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """One project before it has homes and people: where, in which phase of life, when, and how large."""

    index: int
    code: str
    name: str
    company_code: str
    city: str
    district: str
    address: str
    life_phase: str
    launch_date: date
    handover_date: date
    price: int
    fit_out: str
    buyers: int
    prospects: int
    has_leak: bool = False
    has_delay: bool = False

    @property
    def is_selling(self) -> bool:
        return self.life_phase in (EXECUTE_PLAN, FINISH)


@dataclass(frozen=True, slots=True)
class Building:
    """A block of homes and the day from which they are handed over; `line` runs over the homes of a floor."""

    key: str
    name: str
    phase: str
    floors: int
    entrances: int
    homes_per_floor: int
    handover_date: date


@dataclass(frozen=True, slots=True)
class Home:
    """A home; `entrance` and `line` count from 1, and homes with the same ones stand above each other."""

    key: str
    building: Building
    entrance: int
    line: int
    floor: int
    number: str
    layout: str
    orientation: str
    area: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as somebody entered them."""

    key: str
    name: str
    sex: str
    birth_date: date
    household: str = ""
    role: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    identity_number: str = ""
    occupation: str = ""
    source: str = ""
    known_since: datetime


@dataclass(frozen=True, slots=True)
class Household:
    """People who decide together; the first is the head."""

    key: str
    number: int
    members: tuple[Person, ...]

    @property
    def head(self) -> Person:
        return self.members[0]


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received for a contract."""

    receipt: str
    paid_date: date
    amount: Decimal
    subject: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """A contract with its payments; `co_owner` is the key of the person who signed too."""

    number: str
    home: Home
    buyer: str
    household: str
    signed_date: date
    total: Decimal
    payments: tuple[Payment, ...]
    handover_date: date | None = None
    co_owner: str = ""
    residents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """A visit, call or message."""

    person: str
    channel: str
    direction: str
    summary: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """A case; `home` is the key of the home it is about, empty for questions before a purchase."""

    key: str
    person: str
    home: str
    kind: str
    grade: str
    topic: str
    channel: str
    title: str
    body: str
    reply: str
    opened_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said to a purpose on a channel."""

    person: str
    purpose: str
    channel: str
    decision: str
    how: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same person entered twice; `kind` says how the entries differ."""

    first: str
    second: str
    kind: str


@dataclass(frozen=True, slots=True)
class Leak:
    """Water that came through from home to home, the first home first."""

    project: str
    building: str
    homes: tuple[str, ...]
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Delay:
    """A building handed over later than promised."""

    project: str
    building: str
    promised_date: date
    handover_date: date


@dataclass(slots=True)
class ProjectCity:
    """Everything that happened at one project."""

    plan: ProjectPlan
    buildings: list[Building] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    unsold_states: dict[str, str] = field(default_factory=dict)
    households: list[Household] = field(default_factory=list)
    doubled: list[Person] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    matters: list[Matter] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    leak: Leak | None = None
    delay: Delay | None = None
