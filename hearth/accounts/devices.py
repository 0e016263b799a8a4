"""Which people have signed in on a device: a signed cookie on the device itself says it."""

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from hearth.accounts.models import User
from hearth.accounts.notifications import NEW_DEVICE
from hearth.accounts.services import notify
from hearth.core.addresses import public_url

COOKIE, SALT = "hearth_device", "hearth.accounts.devices"
MAIL = "account/email/new_device"
KEPT_SECONDS = 400 * 24 * 3600
# A device that is shared by more people forgets whom it has not seen for the longest time.
PEOPLE_KEPT = 50


def people_of(request: HttpRequest) -> list[int]:
    """Return the ids of those who signed in on this device, the latest last; a forged cookie names nobody."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return []
    return list(found)


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Write into the device's cookie that this person signed in on it."""
    people = [pk for pk in people_of(request) if pk != user.pk]
    response.set_cookie(
        COOKIE,
        signing.dumps([*people, user.pk][-PEOPLE_KEPT:], salt=SALT),
        max_age=KEPT_SECONDS,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


def tell_of_new_device(request: HttpRequest, user: User, *, address: str) -> None:
    """Tell a person in the bell, and by mail, that their account was opened on a device they had not signed in on."""
    from hearth.accounts.jobs import write_of_new_device  # noqa: PLC0415  (jobs call this module)

    if user.pk in people_of(request):
        return
    url = f"{reverse('accounts:profile')}#sessions"
    notify(
        [user.pk],
        NEW_DEVICE,
        url=url,
        now=timezone.now(),
        params={"address": address},
        is_sample=user.is_sample,
    )
    if user.email and not user.is_sample:
        write_of_new_device.defer(user_id=user.pk)


def write_of_new_device_to(user: User) -> None:
    """Write to a person where they see their sessions; opens a connection to the mail server."""
    address = public_url(reverse("accounts:profile"))
    with override(user.language):
        subject = " ".join(render_to_string(f"{MAIL}_subject.txt").split())
        body = render_to_string(f"{MAIL}_message.txt", {"user": user, "address": address})
    EmailMessage(subject, body.strip(), to=[user.email]).send()
