"""Who read which record, what is unusual about that, and what came of it."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet
from hearth.customers.models import Customer
from hearth.vigilance.permissions import VIEW_ALARM


class Kind(models.TextChoices):
    """What can be read."""

    CUSTOMER = "customer", _("customer records")
    CASE = "case", _("cases")
    HOME = "home", _("homes")
    CONTRACT = "contract", _("contracts")
    LIST = "list", _("lists")
    SEARCH = "search", _("searches")
    REVEAL = "reveal", _("uncovered values")
    EXPORT = "export", _("files taken out")


class ReadQuerySet(RecordQuerySet["Read"]):
    pass


class Read(models.Model):
    """A person, or a program in their name, was shown something; kept for half a year.

    The record is named by identifier alone. `record_id` is empty for lists and searches; `address` is where
    the person sat, as the attribution of the connection tells it.

    Index plan: a person with time for their habit; a record with time for its history; blocks of time for what is going
    on now and for forgetting.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reads", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    record_id = models.UUIDField(null=True)
    read_at = models.DateTimeField()
    is_program = models.BooleanField(default=False)
    address = models.CharField(max_length=45, blank=True, default="", db_default="")

    objects = ReadQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "read_at"], name="reads_of_a_person_by_time"),
            models.Index(
                fields=["record_id", "-read_at", "-id"],
                name="reads_of_a_record_by_time",
                condition=models.Q(record_id__isnull=False),
            ),
            BrinIndex(fields=["read_at"], name="read_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class ReadSealQuerySet(RecordQuerySet["ReadSeal"]):
    pass


class ReadSeal(models.Model):
    """The reads of an hour, held fast: the key names the hour, which reads they are, how many, and their digest.

    As a key it is noted in the log of changes when it is added: the chain of the log says it as long as there is a
    log. A seal stays when its reads are forgotten.
    """

    key = models.CharField(primary_key=True, max_length=140)
    began_at = models.DateTimeField(db_index=True)
    reads = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    objects = ReadSealQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key


class AlarmRuleQuerySet(RecordQuerySet["AlarmRule"]):
    def by_rate(self) -> "AlarmRuleQuerySet":
        """Keep the rules in force that count what people read."""
        return self.filter(is_active=True).exclude(measure__in=AlarmRule.AT_ONCE).order_by("id")


class AlarmRule(models.Model):
    """When reading is unusual: so much within a window, far above the person's own habit and that of their peers.

    The factors count robust deviations (1.4826 times the median absolute deviation) above the median of past days.
    """

    class Measure(models.TextChoices):
        RECORDS = "records", _("different records")
        READS = "reads", _("times")
        PLACES = "places", _("different places of the customers")
        CANARY = "canary", _("canary customers")
        EMERGENCY = "emergency", _("use of the account for an emergency")

    class Hours(models.TextChoices):
        ANY = "any", _("at any hour")
        NIGHT = "night", _("between nine in the evening and seven in the morning")

    # What raises an alarm when it happens, and is not counted by the clock.
    AT_ONCE = frozenset({Measure.CANARY, Measure.EMERGENCY})

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    kinds = ArrayField(models.CharField(max_length=10, choices=Kind), verbose_name=_("what is read"))
    measure = models.CharField(_("what is counted"), max_length=10, choices=Measure)
    hours = models.CharField(_("hours"), max_length=10, choices=Hours, default=Hours.ANY)
    window_minutes = models.PositiveIntegerField(_("within minutes"), default=60)
    at_least = models.PositiveIntegerField(_("at least"), default=1)
    own_factor = models.FloatField(_("deviations above the person's own habit"), default=5)
    peer_factor = models.FloatField(_("deviations above the habit of those with the same role"), default=5)
    is_active = models.BooleanField(_("in force"), default=True)

    objects = AlarmRuleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(window_minutes__gte=1, window_minutes__lte=1440, at_least__gte=1),
                name="a_rule_of_alarms_counts_within_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(own_factor__gte=0, peer_factor__gte=0),
                name="a_rule_of_alarms_looks_above_the_habit",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en

    @property
    def kind_labels(self) -> list[str | Promise]:
        """What is read, in words."""
        return [Kind(kind).label for kind in self.kinds]


class AlarmQuerySet(RecordQuerySet["Alarm"]):
    def visible_to(self, actor: Actor) -> "AlarmQuerySet":
        """Keep the alarms for who watches over the group, but for those about themselves."""
        if not actor.scope(VIEW_ALARM).everywhere:
            return self.none()
        return self.exclude(user_id=actor.user_id or 0)

    def unsettled(self) -> "AlarmQuerySet":
        return self.filter(state__in=(Alarm.State.OPEN, Alarm.State.EXAMINED))


class Alarm(Record):
    """One person read in an unusual way. `own_median` and `peer_median` are what was usual, when that is known."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("alarm", "new")
        EXAMINED = "examined", pgettext_lazy("alarm", "being examined")
        HARMLESS = "harmless", pgettext_lazy("alarm", "harmless")
        CONFIRMED = "confirmed", pgettext_lazy("alarm", "confirmed")

    rule = models.ForeignKey(AlarmRule, on_delete=models.PROTECT, related_name="alarms")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alarms")
    customer = models.ForeignKey(Customer, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    number = models.PositiveIntegerField(_("counted"))
    own_median = models.FloatField(null=True)
    peer_median = models.FloatField(null=True)
    window_began_at = models.DateTimeField()
    window_ended_at = models.DateTimeField()
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="handled_alarms"
    )

    objects = AlarmQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="alarm_by_state")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(handler=models.F("user")), name="nobody_handles_an_alarm_about_themselves"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.user_id}"

    @property
    def is_settled(self) -> bool:
        return self.state in (self.State.HARMLESS, self.State.CONFIRMED)


class AlarmStepQuerySet(RecordQuerySet["AlarmStep"]):
    pass


class AlarmStep(Record):
    """What somebody did about an alarm, and why."""

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="steps")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=Alarm.State)
    note = models.CharField(max_length=500, blank=True)

    objects = AlarmStepQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.state}"
