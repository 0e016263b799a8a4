"""Customers as programs see and send them."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from hearth.api.envelope import Asked, DatabaseId, Day, ListOf, Money, OneOf, superseded
from hearth.api.page_lists import PageQuery
from hearth.api.v1.custom_values import CUSTOM_WORDS, Custom, CustomValue
from hearth.customers.lists import CUSTOMERS
from hearth.customers.models import ContactPoint, Customer, UnitRole

Kind = Annotated[str, OneOf(Customer.Kind)]
Sex = Annotated[str, OneOf(Customer.Sex)]
Source = Annotated[str, OneOf(Customer.Source)]
HouseholdRole = Annotated[str, OneOf(Customer.HouseholdRole)]
Contacts = Annotated[tuple[Annotated[str, Field(max_length=300)], ...], Field(max_length=20)]


class CustomerQuery(PageQuery):
    """What the list of customers can be asked for."""

    definition: ClassVar = CUSTOMERS
    sorts: ClassVar = {
        "updated_at": "change",
        "name": "name",
        "last_contact_at": "contact",
        "completeness": "completeness",
    }
    q: str = superseded("", "search", max_length=100)
    owner_stage: str = superseded("", "filter[stage][eq]", max_length=24)
    value_tier: str = superseded("", "filter[tier][eq]", max_length=16)
    kind: Kind | None = superseded(None, "filter[kind][eq]")
    source: Source | None = superseded(None, "filter[source][eq]")
    responsible_id: DatabaseId | None = superseded(None, "filter[responsible][eq]")
    org_unit: str = Field("", max_length=40, description="Code of a place; places below it count.")
    has_home: bool | None = superseded(None, "filter[home][eq]")
    created_from: Day | None = superseded(None, "filter[recorded][gte]")
    created_to: Day | None = superseded(None, "filter[recorded][lte]")
    sort: Literal[
        "-updated_at",
        "updated_at",
        "name",
        "-name",
        "-last_contact_at",
        "last_contact_at",
        "completeness",
        "-completeness",
    ] = "-updated_at"


Percent = Annotated[
    int | None,
    Field(ge=0, le=100, description="How much of what counts at the customer's place is known, in percent."),
]


class MaskedText(BaseModel):
    """A personal value: in full for those who may see it, else masked."""

    text: str
    is_masked: bool


class Contact(MaskedText):
    id: UUID
    kind: Annotated[str, OneOf(ContactPoint.Kind)]
    label: str
    is_primary: bool
    is_valid: bool


class CustomerLine(BaseModel):
    """A customer in a list."""

    id: UUID
    number: int
    kind: Kind
    name: str
    phone: MaskedText | None
    owner_stage: str | None
    value_tier: str | None
    homes: int
    places: list[str]
    source: Source
    external_key: str
    household_id: UUID | None
    responsible_id: int | None
    created_at: datetime
    updated_at: datetime
    last_contact_at: datetime | None
    completeness: Percent


class CustomerList(ListOf[CustomerLine]):
    pass


class HouseholdMember(BaseModel):
    id: UUID
    number: int
    name: str
    household_role: HouseholdRole


class HouseholdOfCustomer(BaseModel):
    """The household, with those of its other members whom the caller may see."""

    id: UUID
    name: str
    members: list[HouseholdMember]


class HomeOfCustomer(BaseModel):
    """What the customer is to a home."""

    unit_id: UUID
    address: str
    role: Annotated[str, OneOf(UnitRole.Role)]
    valid_from: date | None
    valid_to: date | None


class ExplainedFigure(BaseModel):
    """One value of the analysis in words, in the language asked for: what it is and what decided it."""

    code: str
    label: str
    value: str
    why: str
    computed_at: datetime
    rules_of_at: datetime = Field(description="When the rules and cut points in use were computed.")


class Profile(BaseModel):
    """What the analysis says of the customer, as of `scored_at`; `figures` explain each value."""

    scored_at: datetime
    owner_stage: str
    value_tier: str
    portfolio_action: str
    recency_days: int | None
    purchase_recency_days: int | None
    frequency: int
    monetary: Money
    open_complaints: int
    homes: int
    explanation: dict[str, Any]
    figures: list[ExplainedFigure]


class CustomerRecord(BaseModel):
    """A customer with everything the caller may see."""

    id: UUID
    number: int
    kind: Kind
    name: str
    sex: Sex
    birth_date: date | None
    identity_number: MaskedText | None
    occupation: str
    source: Source
    household_role: HouseholdRole
    responsible_id: int | None
    external_key: str
    note: str
    custom: dict[str, CustomValue]
    contacts: list[Contact]
    household: HouseholdOfCustomer | None
    homes: list[HomeOfCustomer]
    profile: Profile | None
    profiling_refused_at: datetime | None = Field(
        description="Since when the customer refuses profiling; there is no profile from then on."
    )
    places: list[str]
    created_at: datetime
    updated_at: datetime
    last_contact_at: datetime | None
    completeness: Percent


class CustomerToCreate(Asked):
    """A person or company to record."""

    name: str = Field(min_length=1, max_length=120)
    org_unit: str = Field(max_length=40, description="Code of the place that then knows the customer.")
    kind: Kind = Customer.Kind.PERSON.value
    phones: Contacts = ()
    emails: Contacts = ()
    wechat_names: Contacts = ()
    addresses: Contacts = ()
    sex: Sex = ""
    birth_date: Day | None = None
    identity_number: str = Field("", max_length=30)
    occupation: str = Field("", max_length=80)
    source: Source = Customer.Source.API.value
    household_id: UUID | None = None
    household_role: HouseholdRole = ""
    responsible_id: DatabaseId | None = None
    external_key: str = Field("", max_length=60)
    note: str = Field("", max_length=10_000)
    custom: Custom = Field(default_factory=dict, description=CUSTOM_WORDS)


class CustomerChange(Asked):
    """The fields to change; what is left out stays."""

    kind: Kind = Customer.Kind.PERSON.value
    name: str = Field("", min_length=1, max_length=120)
    sex: Sex = ""
    birth_date: Day | None = None
    identity_number: str = Field("", max_length=30)
    occupation: str = Field("", max_length=80)
    source: Source = ""
    household_role: HouseholdRole = ""
    responsible_id: DatabaseId | None = None
    external_key: str = Field("", max_length=60)
    note: str = Field("", max_length=10_000)
    custom: Custom = Field(default_factory=dict, description=CUSTOM_WORDS)


class DuplicateCandidate(BaseModel):
    """A customer who may be the same; `id` is null where the caller may not know who it is."""

    id: UUID | None
    score: float
    reasons: list[str]
