"""Making, changing, pausing and removing endpoints, and their secrets."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.accounts.services import notify
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import event_types, record
from hearth.core.horizon import settled_after, settled_before
from hearth.lib.outside_addresses import AddressRefused, read_destination
from hearth.organization.models import OrgUnit
from hearth.webhooks.events import EndpointChanged, EndpointCreated, EndpointDisabled, EndpointRemoved
from hearth.webhooks.models import LAST_POSITION, Endpoint, SigningSecret
from hearth.webhooks.notifications import SWITCHED_OFF
from hearth.webhooks.permissions import MANAGE_WEBHOOK
from hearth.webhooks.selectors import events_for, owner_actor
from hearth.webhooks.signing import new_secret

OLD_SECRET_LASTS = timedelta(hours=24)


class WebhookAddressRefused(InvalidInput):
    """The address is none that can be called."""

    code = "webhook_address_refused"
    message = _("Give an address such as https://example.com/hooks, without name, password or fragment.")


class UnknownEventType(InvalidInput):
    """There is no event of this type."""

    code = "unknown_event_type"
    message = _("There is no event of the type “%(value)s”.")


class OwnerMissing(InvalidInput):
    """An endpoint sees what its owner sees, so it needs one."""

    code = "webhook_owner_missing"
    message = _("A webhook acts for a person; this act has none.")


@transaction.atomic
def create_endpoint(
    *,
    org_unit: OrgUnit,
    name: str,
    url: str,
    actor: Actor,
    now: datetime,
    types: Collection[str] = (),
    is_full: bool = False,
) -> tuple[Endpoint, str]:
    """Have events at and below a place sent to an address from now on; return the endpoint and its secret.

    It is told what the actor may see, and no more. No type chosen means all.

    :raises NotAllowed: if the actor may not manage webhooks at the place
    :raises WebhookAddressRefused, UnknownEventType, OwnerMissing: if a value cannot be
    """
    actor.require(MANAGE_WEBHOOK, org_unit.pk)
    _check(url, types)
    endpoint = Endpoint.objects.create(
        org_unit=org_unit,
        owner=_owner(actor),
        name=name.strip(),
        url=url,
        types=sorted(set(types)),
        is_full=is_full,
        after_transaction=settled_before() - 1,
        after_position=LAST_POSITION,
        created_at=now,
        updated_at=now,
    )
    secret = _write_secret(endpoint, now)
    record(EndpointCreated(subject_id=endpoint.pk, org_unit_id=org_unit.pk), actor=actor, now=now)
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    endpoint: Endpoint,
    *,
    name: str,
    url: str,
    types: Collection[str],
    is_full: bool,
    actor: Actor,
    now: datetime,
) -> Endpoint:
    """Change where events go and which. Who changes one of these becomes the owner: it then sees what they see.

    Otherwise somebody could direct to themselves what only the owner may see.

    :raises NotAllowed: if the actor may not manage webhooks there
    :raises WebhookAddressRefused, UnknownEventType, OwnerMissing: if a value cannot be
    """
    kept = _lock(endpoint, actor)
    _check(url, types)
    wanted = {"name": name.strip(), "url": url, "types": sorted(set(types)), "is_full": is_full}
    changed = [field for field, value in wanted.items() if getattr(kept, field) != value]
    if not changed:
        return kept
    if changed != ["name"]:
        _pass_over(kept, now=now)
    for field in changed:
        setattr(kept, field, wanted[field])
    if changed != ["name"] and kept.owner_id != actor.user_id:
        kept.owner = _owner(actor)
        changed.append("owner")
    return _save(kept, changed, actor=actor, now=now)


@transaction.atomic
def pause_endpoint(endpoint: Endpoint, *, actor: Actor, now: datetime) -> Endpoint:
    """Stop sending; the endpoint keeps its place in the stream.

    :raises NotAllowed: if the actor may not manage webhooks there
    """
    kept = _lock(endpoint, actor)
    if not kept.is_active:
        return kept
    kept.state = Endpoint.State.PAUSED
    return _save(kept, ["state"], actor=actor, now=now)


@transaction.atomic
def resume_endpoint(endpoint: Endpoint, *, actor: Actor, now: datetime) -> Endpoint:
    """Send again, from where it stopped; of one whose owner left, the actor becomes the owner.

    :raises NotAllowed: if the actor may not manage webhooks there
    """
    kept = _lock(endpoint, actor)
    if kept.is_active:
        return kept
    changed = ["state", "state_reason", "first_failed_at", "hold_ends_at"]
    if kept.state_reason == Endpoint.Reason.OWNER_LEFT:
        kept.owner = _owner(actor)
        changed.append("owner")
    kept.state, kept.state_reason = Endpoint.State.ACTIVE, Endpoint.Reason.NONE
    kept.first_failed_at = kept.hold_ends_at = None
    return _save(kept, changed, actor=actor, now=now)


@transaction.atomic
def remove_endpoint(endpoint: Endpoint, *, actor: Actor, now: datetime) -> None:
    """Send nothing more there, and forget what was sent.

    :raises NotAllowed: if the actor may not manage webhooks there
    """
    kept = _lock(endpoint, actor)
    record(EndpointRemoved(subject_id=kept.pk, org_unit_id=kept.org_unit_id), actor=actor, now=now)
    kept.delete()


@transaction.atomic
def rotate_secret(endpoint: Endpoint, *, actor: Actor, now: datetime) -> str:
    """Return a new secret; for a day deliveries are signed with the old one too.

    :raises NotAllowed: if the actor may not manage webhooks there
    """
    kept = _lock(endpoint, actor)
    kept.secrets.filter(expires_at__isnull=True).update(expires_at=now + OLD_SECRET_LASTS, updated_at=now)
    kept.secrets.filter(expires_at__lte=now).delete()
    secret = _write_secret(kept, now)
    event = EndpointChanged(subject_id=kept.pk, org_unit_id=kept.org_unit_id, changed=("secret",))
    record(event, actor=actor, now=now)
    return secret


def disable_endpoint(endpoint: Endpoint, reason: str, *, actor: Actor, now: datetime) -> None:
    """Stop sending because it makes no sense any more, and have the owner told; opens no transaction.

    Nothing happens to one that is not active.
    """
    from hearth.webhooks.jobs import tell_owner  # noqa: PLC0415  (jobs call services)

    active = Endpoint.objects.filter(pk=endpoint.pk, state=Endpoint.State.ACTIVE)
    if not active.update(state=Endpoint.State.DISABLED, state_reason=reason, updated_at=now):
        return
    event = EndpointDisabled(subject_id=endpoint.pk, org_unit_id=endpoint.org_unit_id, reason=reason)
    record(event, actor=actor, now=now)
    url = reverse("webhooks:endpoint", args=[endpoint.pk])
    notify([endpoint.owner_id], SWITCHED_OFF, url=url, now=now, params={"name": endpoint.name})
    tell_owner.defer(endpoint_id=str(endpoint.pk))


def private_networks_allowed() -> bool:
    """Tell whether the installation lets webhooks go to some addresses inside its own network."""
    return bool(settings.WEBHOOK_NETWORKS)


def _check(url: str, types: Collection[str]) -> None:
    try:
        destination = read_destination(url)
    except AddressRefused as refusal:
        raise WebhookAddressRefused("url") from refusal
    if not destination.is_encrypted and not private_networks_allowed():
        raise WebhookAddressRefused("url")
    for value in types:
        if value not in event_types:
            raise UnknownEventType("types", value=value)


def _owner(actor: Actor) -> User:
    if actor.user_id is None:
        raise OwnerMissing
    owner: User = User.objects.get(pk=actor.user_id)
    return owner


def _lock(endpoint: Endpoint, actor: Actor) -> Endpoint:
    actor.require(MANAGE_WEBHOOK, endpoint.org_unit_id)
    return Endpoint.objects.select_for_update().get(pk=endpoint.pk)


def _pass_over(endpoint: Endpoint, *, now: datetime) -> None:
    """Move the place in the stream on to the first event that waits for an endpoint as it still is.

    What was not for it before a change must not come as new after it.
    """
    before = settled_before()
    start = (endpoint.after_transaction, endpoint.after_position)
    events = events_for(endpoint, owner_actor(endpoint.owner, now=now))
    waiting = settled_after(events, start, before=before).first()
    reached = (waiting.transaction, waiting.position - 1) if waiting else (before - 1, LAST_POSITION)
    transaction_reached, position = max(start, reached)
    Endpoint.objects.filter(pk=endpoint.pk).update(
        after_transaction=transaction_reached, after_position=position
    )


def _save(endpoint: Endpoint, changed: list[str], *, actor: Actor, now: datetime) -> Endpoint:
    endpoint.updated_at = now
    endpoint.save(update_fields=[*changed, "updated_at"])
    event = EndpointChanged(subject_id=endpoint.pk, org_unit_id=endpoint.org_unit_id, changed=tuple(changed))
    record(event, actor=actor, now=now)
    return endpoint


def _write_secret(endpoint: Endpoint, now: datetime) -> str:
    row = SigningSecret(endpoint=endpoint, created_at=now, updated_at=now)
    row.secret = secret = new_secret()
    row.save(force_insert=True)
    return secret
