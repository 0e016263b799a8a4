"""Incidents with personal data: what happened, what is due by when, what was done, and whom they touched."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.channels.models import Message
from hearth.core.actor import Actor
from hearth.core.models import Record, next_value
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.customers.models import Customer
from hearth.exports.models import Export
from hearth.organization.models import OrgUnit
from hearth.registers.permissions import VIEW_REGISTER


class DataKind(models.TextChoices):
    """What an incident spilled; the sensitive kinds of article 28 are those of `SENSITIVE`."""

    NAME = "name", _("names and phones")
    ADDRESS = "address", pgettext_lazy("kind of data", "homes and addresses")
    CONTRACT = "contract", _("contracts and payments")
    TALK = "talk", _("conversations and complaints")
    IDENTITY = "identity", _("identity numbers")
    ACCOUNT = "account", _("bank accounts and incomes")
    HEALTH = "health", pgettext_lazy("kind of data", "health")
    CHILD = "child", _("children under 14")


SENSITIVE = frozenset({DataKind.IDENTITY, DataKind.ACCOUNT, DataKind.HEALTH, DataKind.CHILD})


class IncidentQuerySet(ScopedQuerySet["Incident"]):
    view_permission = VIEW_REGISTER

    def visible_to(self, actor: Actor) -> "IncidentQuerySet":
        """Keep those at places where the actor may see them, and those the actor reported."""
        scope = actor.scope(VIEW_REGISTER)
        if scope.everywhere:
            return self
        own = models.Q(reported_by_id=actor.user_id or 0)
        return self.filter(own | models.Q(org_unit_id__in=sorted(scope.org_unit_ids)))

    def open(self) -> "IncidentQuerySet":
        return self.exclude(state=Incident.State.CLOSED)


class Incident(Record):
    """Personal data were seen, lost or taken by somebody who should not have them (PIPL article 57).

    `is_major` follows from the number of persons, the kinds of data and the rules of the group; `authority_due_at` is
    set for a major one alone. The decision whether persons are told is one of its own, with its reason.
    """

    class State(models.TextChoices):
        REPORTED = "reported", pgettext_lazy("incident", "reported")
        HANDLED = "handled", pgettext_lazy("incident", "being handled")
        CLOSED = "closed", pgettext_lazy("incident", "closed")

    class Notice(models.TextChoices):
        OPEN = "", pgettext_lazy("incident", "not decided yet")
        TOLD = "told", pgettext_lazy("incident", "the persons were told")
        NOT_NEEDED = "not_needed", pgettext_lazy("incident", "no notice: harm was prevented")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="incidents")
    number = models.BigIntegerField(
        _("number"), unique=True, db_default=next_value("registers_incident_number"), editable=False
    )
    title = models.CharField(pgettext_lazy("incident", "what happened, in a line"), max_length=120)
    account = models.TextField(pgettext_lazy("incident", "what is known"), blank=True)
    data_kinds = ArrayField(
        models.CharField(max_length=10, choices=DataKind), default=list, verbose_name=_("kinds of data")
    )
    persons = models.PositiveIntegerField(_("persons concerned, as far as known"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REPORTED)
    is_major = models.BooleanField(pgettext_lazy("incident", "major"), default=False)
    found_at = models.DateTimeField(pgettext_lazy("incident", "noticed"))
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reported_incidents"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="handled_incidents"
    )
    authority_due_at = models.DateTimeField(_("notice to the authority due"), null=True)
    authority_told_at = models.DateTimeField(_("authority told"), null=True)
    persons_due_at = models.DateTimeField(_("decision on telling the persons due"))
    notice = models.CharField(_("notice to persons"), max_length=10, choices=Notice, blank=True, default="")
    notice_because = models.CharField(_("reason of that decision"), max_length=500, blank=True)
    cause = models.TextField(pgettext_lazy("incident", "cause"), blank=True)
    measures = models.TextField(pgettext_lazy("incident", "measures"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    # Which clocks were told of: that they run out soon, or have run out.
    told_of = models.JSONField(default=list)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org_unit", "-id"], name="incident_at_a_place")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(is_major=False) | models.Q(authority_due_at__isnull=False),
                name="a_major_incident_has_a_clock",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed")
                | (
                    models.Q(closed_at__isnull=False)
                    & ~models.Q(cause="")
                    & ~models.Q(measures="")
                    & ~models.Q(notice="")
                    & ~models.Q(notice_because="")
                ),
                name="a_closed_incident_says_cause_measures_and_notice",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED

    @property
    def is_sensitive(self) -> bool:
        return bool(SENSITIVE & set(self.data_kinds))

    @property
    def kind_labels(self) -> list[str | Promise]:
        return [DataKind(kind).label for kind in self.data_kinds]


class IncidentStepQuerySet(RecordQuerySet["IncidentStep"]):
    pass


class IncidentStep(Record):
    """What somebody did about an incident; steps are added, never changed."""

    class What(models.TextChoices):
        REPORTED = "reported", pgettext_lazy("incident", "reported")
        JUDGED = "judged", pgettext_lazy("incident", "extent judged")
        SEARCHED = "searched", pgettext_lazy("incident", "access log searched")
        AUTHORITY = "authority", pgettext_lazy("incident", "authority told")
        NOTICE = "notice", pgettext_lazy("incident", "decided on telling the persons")
        SENT = "sent", pgettext_lazy("incident", "letter to the persons sent")
        PUBLISHED = "published", pgettext_lazy("incident", "letter published")
        WITHDRAWN = "withdrawn", pgettext_lazy("incident", "public letter withdrawn")
        NOTE = "note", pgettext_lazy("incident", "note")
        CLOSED = "closed", pgettext_lazy("incident", "closed")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=10, choices=What)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    objects = IncidentStepQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.incident_id} {self.what}"


class AccessSearchQuerySet(RecordQuerySet["AccessSearch"]):
    pass


class AccessSearch(Record):
    """What the access log was searched for in an incident. The list of persons is what all its searches find.

    `unnamed` counts lists and searches that were shown in that time: which customers stood on them is not noted.
    `unknown` counts files that were taken and whose rows nobody knows any more.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="searches")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("access search", "account"),
    )
    export = models.ForeignKey(
        Export, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("file taken out")
    )
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.CharField(_("address on the network"), max_length=45, blank=True)
    began_at = models.DateTimeField(pgettext_lazy("access search", "from"))
    ended_at = models.DateTimeField(pgettext_lazy("access search", "until"))
    found = models.PositiveIntegerField(default=0)
    unnamed = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)

    objects = AccessSearchQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False)
                | models.Q(export__isnull=False)
                | ~models.Q(address=""),
                name="a_search_of_the_log_names_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(began_at__lt=models.F("ended_at")), name="a_search_of_the_log_has_a_span"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.began_at}"


class AffectedPersonQuerySet(ScopedQuerySet["AffectedPerson"]):
    view_permission = VIEW_REGISTER
    place_path = "incident__org_unit_id"


class AffectedPerson(Record):
    """A customer whose data were seen or taken in an incident, with how often and when, and how they were told of it.

    The row stays once the customer was addressed, whatever a later search finds.
    """

    class Told(models.TextChoices):
        NOT_YET = "", pgettext_lazy("affected person", "not addressed")
        ADDRESSED = "addressed", pgettext_lazy("affected person", "addressed")
        NO_CHANNEL = "no_channel", pgettext_lazy("affected person", "no address known")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="affected")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    seen = models.PositiveIntegerField(_("times seen"), default=0)
    taken = models.PositiveIntegerField(_("times in a file"), default=0)
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(pgettext_lazy("affected person", "last"))
    told = models.CharField(_("letter"), max_length=10, choices=Told, blank=True, default=Told.NOT_YET)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = AffectedPersonQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "customer"], name="a_customer_once_in_the_list_of_an_incident"
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.customer_id}"
