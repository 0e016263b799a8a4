"""A campaign is an experiment: treatments, a control group by household, and what each arm did afterwards."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.campaigns.permissions import VIEW_CAMPAIGN
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.segments.models import Segment, SegmentCount


class CampaignQuerySet(ScopedQuerySet["Campaign"]):
    view_permission = VIEW_CAMPAIGN


class Campaign(Record):
    """Who is addressed, why, how, and which result would count as success."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SELECTED = "selected", _("audience drawn")
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        CANCELLED = "cancelled", _("cancelled")

    class Outcome(models.TextChoices):
        RESPONSE = "response", _("response")
        PURCHASE = "purchase", _("purchase")

    class Occasion(models.TextChoices):
        TIMETABLE = "timetable", _("our own timetable")
        CUSTOMER_EVENT = "customer_event", _("something that happened to the customer")
        DECISION_POINT = "decision_point", _("a decision the customer is about to take")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField(_("name"), max_length=80)
    goal = models.CharField(_("goal"), max_length=300, blank=True)
    hypothesis = models.CharField(_("hypothesis"), max_length=300, blank=True)
    segment = models.ForeignKey(
        Segment, on_delete=models.PROTECT, null=True, blank=True, related_name="campaigns"
    )
    audience = models.ForeignKey(
        SegmentCount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    purpose_code = models.CharField(_("purpose"), max_length=40, default="marketing")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    main_outcome = models.CharField(
        _("main outcome"), max_length=10, choices=Outcome, default=Outcome.RESPONSE
    )
    occasion = models.CharField(_("why now"), max_length=16, choices=Occasion, default=Occasion.TIMETABLE)
    planned_lift = models.FloatField(_("lift hoped for, points"), default=2.0)
    window_days = models.PositiveSmallIntegerField(_("results counted for, days"), default=14)
    max_contacts_30_days = models.PositiveSmallIntegerField(_("most messages in 30 days"), default=3)
    salt = models.CharField(max_length=40)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    external_key = models.CharField(max_length=80, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="campaigns"
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at", "-id"], name="campaign_by_time")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_unit", "name"], name="one_campaign_for_each_name_at_a_place")
        ]

    def __str__(self) -> str:
        return self.name


class TreatmentQuerySet(RecordQuerySet["Treatment"]):
    pass


class Treatment(Record):
    """One arm of a campaign; the arm without a channel is the control group and receives nothing."""

    class Channel(models.TextChoices):
        NONE = "", _("control group")
        EMAIL = "email", _("e-mail")
        CALL = "call", _("call list")
        EXTERNAL = "external", _("done outside")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="treatments")
    name = models.CharField(_("name"), max_length=60)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, blank=True)
    share = models.DecimalField(_("share"), max_digits=5, decimal_places=4)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = TreatmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "name"], name="one_treatment_for_each_name_in_a_campaign"
            ),
            models.UniqueConstraint(
                fields=["campaign"], condition=models.Q(channel=""), name="one_control_group_in_a_campaign"
            ),
            models.CheckConstraint(
                condition=models.Q(share__gt=0) & models.Q(share__lte=1),
                name="a_share_lies_between_nought_and_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_control(self) -> bool:
        return self.channel == ""


class CampaignMemberQuerySet(RecordQuerySet["CampaignMember"]):
    pass


class CampaignMember(Record):
    """A customer in a campaign: the arm drawn for the household, or the reason for being left out."""

    class Exclusion(models.TextChoices):
        NONE = "", _("included")
        NO_CONSENT = "no_consent", _("no consent")
        OPTED_OUT = "opted_out", _("opted out")
        RESTRICTED = "restricted", _("restricted at their request")
        TOO_OFTEN = "too_often", _("addressed too often")
        OPEN_COMPLAINT = "open_complaint", _("open severe complaint")
        NO_ADDRESS = "no_address", _("cannot be reached")
        SAME_HOUSEHOLD = "same_household", _("another member of the household is addressed")

    class CallResult(models.TextChoices):
        OPEN = "", _("to be called")
        REACHED = "reached", _("reached")
        NO_ANSWER = "no_answer", _("no answer")
        DECLINED = "declined", _("not interested")
        WRONG_NUMBER = "wrong_number", _("wrong number")
        NOT_ALLOWED = "not_allowed", _("consent withdrawn meanwhile")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="members")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="campaign_memberships")
    household_key = models.UUIDField()
    treatment = models.ForeignKey(Treatment, on_delete=models.CASCADE, null=True, related_name="members")
    exclusion = models.CharField(_("left out"), max_length=16, choices=Exclusion, blank=True, default="")
    token = models.CharField(max_length=32, unique=True)
    call_result = models.CharField(_("call"), max_length=14, choices=CallResult, blank=True, default="")
    caller = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    call_taken_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    treated_at = models.DateTimeField(_("addressed"), null=True)
    prior_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    responded_at = models.DateTimeField(_("responded"), null=True)
    purchased_at = models.DateTimeField(_("bought"), null=True)
    revenue_amount = models.DecimalField(_("revenue, ¥"), max_digits=14, decimal_places=2, default=0)

    objects = CampaignMemberQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["campaign", "treatment", "exclusion"], name="campaign_member_by_arm"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "customer"], name="a_customer_is_once_in_a_campaign"),
            models.CheckConstraint(
                condition=(models.Q(exclusion="") & models.Q(treatment__isnull=False))
                | (~models.Q(exclusion="") & models.Q(treatment__isnull=True)),
                name="a_member_has_an_arm_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.customer_id}"


class ResponseQuerySet(RecordQuerySet["Response"]):
    pass


class Response(Record):
    """Something a member did after the campaign began, by link, import or event."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("followed the link")
        RESPONSE = "response", _("responded")
        PURCHASE = "purchase", _("bought")
        OPT_OUT = "opt_out", _("opted out")

    class Source(models.TextChoices):
        LINK = "link", _("link")
        IMPORT = "import", _("import")
        EVENT = "event", _("event")
        CALL = "call", _("call")

    member = models.ForeignKey(CampaignMember, on_delete=models.CASCADE, related_name="responses")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    source = models.CharField(_("source"), max_length=8, choices=Source)
    amount = models.DecimalField(_("amount, ¥"), max_digits=14, decimal_places=2, null=True)
    occurred_at = models.DateTimeField(_("when"))
    reference = models.CharField(max_length=60)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "kind", "reference"], name="a_response_is_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.member_id}"
