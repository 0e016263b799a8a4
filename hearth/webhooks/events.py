"""What happens to endpoints; `subject_id` is the endpoint."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class EndpointCreated(Event):
    """Events are sent to another system from now on."""

    type: ClassVar[str] = "webhooks.endpoint_created"
    label: ClassVar[str | Promise] = _("Webhook created")


@dataclass(frozen=True, kw_only=True)
class EndpointChanged(Event):
    """Address, choice of events, state or secret changed; `changed` names the fields."""

    type: ClassVar[str] = "webhooks.endpoint_changed"
    label: ClassVar[str | Promise] = _("Webhook changed")
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EndpointRemoved(Event):
    """Nothing is sent there any more."""

    type: ClassVar[str] = "webhooks.endpoint_removed"
    label: ClassVar[str | Promise] = _("Webhook removed")


@dataclass(frozen=True, kw_only=True)
class EndpointDisabled(Event):
    """The system stopped sending by itself; `reason` says why."""

    type: ClassVar[str] = "webhooks.endpoint_disabled"
    label: ClassVar[str | Promise] = _("Webhook switched off")
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeliveriesReplayed(Event):
    """A person had events sent again."""

    type: ClassVar[str] = "webhooks.replayed"
    label: ClassVar[str | Promise] = _("Webhook events sent again")
    number: int


@dataclass(frozen=True, kw_only=True)
class EndpointTested(Event):
    """A person asked for one event to try the connection; only the endpoint itself gets it."""

    type: ClassVar[str] = "webhooks.test"
    label: ClassVar[str | Promise] = _("Webhook tried")
