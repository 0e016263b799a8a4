"""Work by the clock, and notices."""

from datetime import UTC, datetime, timedelta

from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from hearth.core.addresses import public_url
from hearth.core.jobs import job, periodic
from hearth.webhooks.models import Delivery, Endpoint

KEPT_FOR = timedelta(days=30)


@periodic("webhooks.forget_deliveries", cron="23 4 * * *")
def forget_deliveries(timestamp: int) -> None:
    """Remove the log of what ended a month ago; the events themselves stay."""
    before = datetime.fromtimestamp(timestamp, tz=UTC) - KEPT_FOR
    Delivery.objects.filter(finished_at__lt=before).delete()


@job("webhooks.tell_owner", queue="mail")
def tell_owner(*, endpoint_id: str) -> None:
    """Write to the owner that nothing is sent any more, and why; repeated, it is a second mail and does no harm."""
    endpoint = Endpoint.objects.select_related("owner").filter(pk=endpoint_id).first()
    if endpoint is None or not endpoint.owner.email or endpoint.state != Endpoint.State.DISABLED:
        return
    with translation.override(endpoint.owner.language):
        address = public_url(reverse("webhooks:endpoint", args=[endpoint.pk]))
        text = gettext(
            "The webhook “%(name)s” was switched off: %(reason)s.\n\nNo event is lost: when it is resumed, it goes on "
            "where it stopped.\n\n%(address)s"
        ) % {"name": endpoint.name, "reason": endpoint.get_state_reason_display(), "address": address}
        subject = gettext("Webhook switched off: %(name)s") % {"name": endpoint.name}
        send_mail(subject, text, None, [endpoint.owner.email])
