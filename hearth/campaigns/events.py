"""What happens to campaigns and to their members."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class CampaignEvent(Event):
    """`subject_id` is the campaign."""

    family: ClassVar[str] = "campaign"


@dataclass(frozen=True, kw_only=True)
class CampaignCreated(CampaignEvent):
    type: ClassVar[str] = "campaigns.created"
    label: ClassVar[str | Promise] = _("Campaign planned")


@dataclass(frozen=True, kw_only=True)
class CampaignChanged(CampaignEvent):
    """The plan or the arms changed; an audience drawn before is void."""

    type: ClassVar[str] = "campaigns.changed"
    label: ClassVar[str | Promise] = _("Campaign changed")


@dataclass(frozen=True, kw_only=True)
class AudienceDrawn(CampaignEvent):
    type: ClassVar[str] = "campaigns.audience_drawn"
    label: ClassVar[str | Promise] = _("Audience drawn")

    included: int
    excluded: int


@dataclass(frozen=True, kw_only=True)
class CampaignLaunched(CampaignEvent):
    type: ClassVar[str] = "campaigns.launched"
    label: ClassVar[str | Promise] = _("Campaign started")

    addressed: int


@dataclass(frozen=True, kw_only=True)
class CampaignFinished(CampaignEvent):
    """`state` is finished, or cancelled before it began."""

    type: ClassVar[str] = "campaigns.finished"
    label: ClassVar[str | Promise] = _("Campaign ended")

    state: str


@dataclass(frozen=True, kw_only=True)
class CampaignImported(CampaignEvent):
    type: ClassVar[str] = "campaigns.imported"
    label: ClassVar[str | Promise] = _("Campaign of the past imported")

    members: int


@dataclass(frozen=True, kw_only=True)
class CallTaken(CampaignEvent):
    """Somebody took a customer from the call list and was shown the phone; `member_id` names the entry."""

    type: ClassVar[str] = "campaigns.call_taken"
    label: ClassVar[str | Promise] = _("Call taken from the list, phone shown")

    member_id: UUID


@dataclass(frozen=True, kw_only=True)
class CallMade(CampaignEvent):
    type: ClassVar[str] = "campaigns.call_made"
    label: ClassVar[str | Promise] = _("Campaign call")

    member_id: UUID
    result: str


@dataclass(frozen=True, kw_only=True)
class ResponseRecorded(CampaignEvent):
    """A member reacted; `kind` and `source` as on the response."""

    type: ClassVar[str] = "campaigns.response_recorded"
    label: ClassVar[str | Promise] = _("Reaction to a campaign")

    member_id: UUID
    kind: str
    source: str


@dataclass(frozen=True, kw_only=True)
class CampaignPassedOn(CampaignEvent):
    """Another colleague is in charge of the campaign."""

    type: ClassVar[str] = "campaigns.passed_on"
    label: ClassVar[str | Promise] = _("Campaign passed on to a colleague")

    from_user_id: int | None
    to_user_id: int
