"""People and companies, how to reach them, and the households they form."""

from datetime import UTC, datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.crypto import Sealed
from hearth.core.fields import TokensField
from hearth.core.models import Record, next_value
from hearth.core.querysets import RecordQuerySet
from hearth.customers.origins import NOTE, Origin
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.words import OWNER_STAGES, PORTFOLIO_ACTIONS, VALUE_TIERS
from hearth.organization.models import OrgUnit

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Lists leave merged records out; an index with this condition still finds a page without touching the rows.
UNMERGED = models.Q(merged_into__isnull=True)
# Of whom figures may be computed: nobody who refused that, had us restrict their data, or was erased or merged away.
MAY_BE_PROFILED = ("profiling_refused_at", "restricted_at", "erased_at", "merged_into_id")


def last_contact_or_never() -> Coalesce:
    """The last contact as a column that is never null, for order and keyset pages."""
    return Coalesce("last_contact_at", models.Value(NEVER, output_field=models.DateTimeField()))


class HouseholdQuerySet(RecordQuerySet["Household"]):
    def visible_to(self, actor: Actor) -> "HouseholdQuerySet":
        """Keep the households with a member the actor may see."""
        scope = actor.scope(VIEW_CUSTOMER)
        if scope.everywhere:
            return self
        return self.filter(
            models.Exists(Customer.objects.visible_to(actor).filter(household=models.OuterRef("pk")))
        )


class Household(Record):
    """People who decide and live together; campaigns and complaints count households."""

    name = models.CharField(_("name"), max_length=120)

    objects = HouseholdQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class CustomerQuerySet(RecordQuerySet["Customer"]):
    def visible_to(self, actor: Actor) -> "CustomerQuerySet":
        """Keep the customers known at a place where the actor may see customers.

        A customer is known wherever they enquired, bought or live: several places of the group. A record that was
        merged into another is seen by nobody.
        """
        return self.visible_with(actor, VIEW_CUSTOMER)

    def visible_with(self, actor: Actor, permission: str) -> "CustomerQuerySet":
        """Keep the customers known at a place where the actor holds `permission`."""
        scope = actor.scope(permission)
        if scope.everywhere:
            return self.unmerged()
        places = CustomerPlace.objects.filter(
            customer=models.OuterRef("pk"), org_unit_id__in=sorted(scope.org_unit_ids)
        )
        return self.unmerged().filter(models.Exists(places)) if scope else self.none()

    def unmerged(self) -> "CustomerQuerySet":
        """Keep the records that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def real(self) -> "CustomerQuerySet":
        """Leave out canaries: nobody addresses or counts them."""
        return self.filter(is_canary=False)

    def profiled(self) -> "CustomerQuerySet":
        """Keep those of whom figures may be computed: every score asks this, and nothing else."""
        return self.filter(**dict.fromkeys(MAY_BE_PROFILED))


class Customer(Record):
    """A person or company with any relation to the group. The name is searchable; numbers are sealed.

    A canary is invented: nobody has a reason to open it, and nothing addresses or counts it.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        COMPANY = "company", _("company")

    class Sex(models.TextChoices):
        UNKNOWN = "", _("unknown")
        FEMALE = "female", _("female")
        MALE = "male", _("male")

    class HouseholdRole(models.TextChoices):
        NONE = "", _("not stated")
        HEAD = "head", _("head")
        SPOUSE = "spouse", _("spouse")
        CHILD = "child", _("child")
        PARENT = "parent", _("parent")
        OTHER = "other", _("other")

    class Source(models.TextChoices):
        UNKNOWN = "", _("unknown")
        WALK_IN = "walk_in", _("walk-in")
        CALL = "call", _("call")
        WEB = "web", _("web")
        BROKER = "broker", _("broker")
        REFERRAL = "referral", _("referral")
        EVENT = "event", _("event")
        IMPORT = "import", _("import")
        API = "api", _("API")

    number = models.BigIntegerField(
        _("number"), unique=True, db_default=next_value("customers_number"), editable=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=120)
    pinyin = models.CharField(max_length=200, blank=True)
    name_tokens = TokensField()
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True, default="")
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    identity_sealed = models.BinaryField(default=bytes, blank=True)
    identity_index = models.BinaryField(null=True, max_length=17)
    occupation = models.CharField(_("occupation"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, blank=True, default="")
    household = models.ForeignKey(
        Household, on_delete=models.SET_NULL, null=True, blank=True, related_name="members"
    )
    household_role = models.CharField(
        _("role in the household"), max_length=8, choices=HouseholdRole, blank=True, default=""
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="customers"
    )
    external_key = models.CharField(_("external key"), max_length=60, blank=True)
    note = models.TextField(_("note"), blank=True)
    last_contact_at = models.DateTimeField(_("last contact"), null=True)
    origins = models.JSONField(default=dict, blank=True)
    custom = models.JSONField(default=dict, blank=True)
    # The record that holds everything of this one since they were merged; never itself a merged one.
    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, db_index=False, related_name="aliases"
    )

    is_canary = models.BooleanField(default=False)
    # Nobody addresses, selects or analyses a restricted customer; an erased one is a number that papers hang on.
    restricted_at = models.DateTimeField(_("restricted since"), null=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)
    # Who refused profiling has no score, and is selected as if rules asked for none; what was said stands in consents.
    profiling_refused_at = models.DateTimeField(_("profiling refused since"), null=True, editable=False)

    identity_number = Sealed("identity_sealed")

    objects = CustomerQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-updated_at", "-id"], name="customer_by_change", condition=UNMERGED),
            models.Index(fields=["pinyin", "id"], name="customer_by_pinyin", condition=UNMERGED),
            models.Index(
                last_contact_or_never().desc(),
                models.F("id").desc(),
                name="customer_by_last_contact",
                condition=UNMERGED,
            ),
            models.Index(
                fields=["merged_into"],
                name="customer_by_survivor",
                condition=models.Q(merged_into__isnull=False),
            ),
            GinIndex(fields=["name_tokens"], name="customer_by_name"),
            GinIndex(fields=["custom"], name="customer_by_custom_field", opclasses=["jsonb_path_ops"]),
            models.Index(
                fields=["external_key"], name="customer_by_external_key", condition=~models.Q(external_key="")
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["identity_index"],
                condition=models.Q(identity_index__isnull=False),
                name="one_customer_for_each_identity_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_restricted(self) -> bool:
        """Tell whether nobody may address, select or analyse the customer."""
        return self.restricted_at is not None or self.erased_at is not None

    @property
    def may_be_profiled(self) -> bool:
        """Tell whether figures may be computed of the customer, by the rule of `CustomerQuerySet.profiled`."""
        return all(getattr(self, column) is None for column in MAY_BE_PROFILED)

    def is_blocked(self, item: str) -> bool:
        """Tell whether the identity number or the note was collected without a right."""
        return Origin.read(self.origins.get(item, {})).is_blocked

    @property
    def usable_note(self) -> str:
        """The note, unless it is blocked."""
        return "" if self.is_blocked(NOTE) else self.note


class CustomerPlaceQuerySet(RecordQuerySet["CustomerPlace"]):
    pass


class CustomerPlace(models.Model):
    """A customer is known at a place; this is what the row rule reads."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="places")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="known_customers")

    objects = CustomerPlaceQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["org_unit", "-customer"], name="customers_known_at_a_place")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "org_unit"], name="a_customer_is_known_once_at_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} @ {self.org_unit_id}"


class ContactPointQuerySet(RecordQuerySet["ContactPoint"]):
    def usable(self) -> "ContactPointQuerySet":
        """Keep the contacts that may be shown and used: in use, and collected by right."""
        return self.filter(is_valid=True, is_blocked=False)


class ContactPoint(Record):
    """One phone, e-mail, WeChat name or address of a customer, kept sealed and found by a blind index."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")
        WECHAT = "wechat", _("WeChat")
        ADDRESS = "address", _("address")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    value_sealed = models.BinaryField()
    value_index = models.BinaryField(max_length=17)
    last_four_index = models.BinaryField(null=True, max_length=9)
    label = models.CharField(_("label"), max_length=30, blank=True)
    is_primary = models.BooleanField(_("preferred"), default=False)
    is_valid = models.BooleanField(_("in use"), default=True)
    origin = models.JSONField(default=dict, blank=True)
    is_blocked = models.BooleanField(_("blocked"), default=False)

    value = Sealed("value_sealed")

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["value_index"], name="contact_point_by_value"),
            models.Index(
                fields=["last_four_index"],
                name="contact_point_by_last_four",
                condition=models.Q(last_four_index__isnull=False),
            ),
            models.Index(
                fields=["customer"],
                name="blocked_contact_points",
                condition=models.Q(is_blocked=True),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "kind", "value_index"], name="a_customer_has_each_contact_point_once"
            ),
            models.UniqueConstraint(
                fields=["customer", "kind"],
                condition=models.Q(is_primary=True),
                name="one_preferred_contact_point_of_each_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class RevealQuerySet(RecordQuerySet["Reveal"]):
    pass


class Reveal(Record):
    """Somebody uncovered one masked value of a customer, with the reason they gave; kept for the audit."""

    class Field(models.TextChoices):
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")
        WECHAT = "wechat", _("WeChat")
        ADDRESS = "address", _("address")
        IDENTITY = "identity", _("identity number")
        NOTE = "note", _("note marked sensitive")
        INCOME = "income", _("income of the family")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="reveals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.SET_NULL, null=True, related_name="+")
    field = models.CharField(_("value"), max_length=8, choices=Field)
    reason = models.CharField(_("reason"), max_length=200)

    objects = RevealQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.field} {self.customer_id}"


class CustomerProfileQuerySet(RecordQuerySet["CustomerProfile"]):
    pass


class CustomerProfile(models.Model):
    """What the analysis says of a customer; `insight` computes it and hands it down. Days, counts and yuan.

    `scored_at` is the moment the values speak of; `explanation` names what each was computed from.
    """

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="profile"
    )
    scored_at = models.DateTimeField()
    run_id = models.UUIDField(null=True)
    recency_days = models.IntegerField(null=True)
    purchase_recency_days = models.IntegerField(null=True)
    frequency = models.IntegerField(default=0)
    monetary_amount = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    contacts = models.JSONField(default=dict)
    open_complaints = models.IntegerField(default=0)
    homes = models.IntegerField(default=0)
    owner_stage = models.CharField(max_length=24, choices=list(OWNER_STAGES.items()))
    value_tier = models.CharField(max_length=16, choices=list(VALUE_TIERS.items()))
    portfolio_action = models.CharField(max_length=16, choices=list(PORTFOLIO_ACTIONS.items()))
    explanation = models.JSONField(default=dict)

    objects = CustomerProfileQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner_stage", "customer"], name="profile_by_owner_stage"),
            models.Index(fields=["value_tier", "customer"], name="profile_by_value_tier"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_stage} {self.value_tier}"


class CustomerCompletenessQuerySet(RecordQuerySet["CustomerCompleteness"]):
    pass


class CustomerCompleteness(models.Model):
    """How much of what counts is known of a customer, in percent, by the rules of the first place that knows them.

    The database keeps it true, whoever changes what it speaks of (`families`, which says what counts); nothing else
    writes it. Every customer whom a place knows has it.
    """

    customer = models.OneToOneField(
        Customer,
        on_delete=models.DO_NOTHING,
        primary_key=True,
        related_name="completeness",
        db_constraint=False,
    )
    percent = models.SmallIntegerField()

    objects = CustomerCompletenessQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["percent", "customer"], name="customer_by_completeness")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=100), name="completeness_is_a_share"
            )
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"
