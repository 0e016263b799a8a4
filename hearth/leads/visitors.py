"""Visitors who register on their own phone 自助到访登记: what the screen at the entrance shows, and their code.

The screen shows a link that is good for minutes, so that only who stands there can use it. No face is ever looked at.
Nothing is kept but the lead: the code follows from the lead, the day and the key of the installation.
"""

import hmac
from base64 import b64encode
from datetime import date, datetime, timedelta
from uuid import UUID

import qrcode
import qrcode.image.svg
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.addresses import public_url
from hearth.core.signed_links import AT_ONCE, row_of_link, sign_link
from hearth.leads.models import Lead
from hearth.properties.models import Project

SALT = "hearth.leads.visitors"
GOOD_FOR, TIME_TO_WRITE = timedelta(minutes=10), timedelta(minutes=20)
CODE_DIGITS = 6
MOST_TODAY = 1_000


def visit_link(project: Project, *, now: datetime) -> str:
    """Return the address by which a visitor registers for a project, good for minutes."""
    token = sign_link(SALT, project.pk, ends_at=now + GOOD_FOR)
    return public_url(reverse("portal:visit", args=[token]))


def project_of(token: str, *, now: datetime, is_written: bool = False) -> UUID:
    """Return for which project a link is; one that was opened in time is good until its form `is_written`.

    :raises LinkNotGood: if it is not ours, or was shown too long ago
    """
    return row_of_link(SALT, token, now=now, grace=TIME_TO_WRITE if is_written else AT_ONCE)


def qr_picture(text: str) -> str:
    """Draw a text as a QR code; the address of a picture that holds itself."""
    drawn = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, box_size=10, border=2)
    return "data:image/svg+xml;base64," + b64encode(drawn.to_string()).decode()


def code_of(lead: Lead, day: date) -> str:
    """Return the code of a visit: six digits that only visitor and sales office can know, others every day."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"{SALT}:{lead.pk}:{day}".encode(), "sha256")
    return f"{int.from_bytes(digest[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def lead_of_code(code: str, actor: Actor, *, now: datetime) -> Lead | None:
    """Find the lead of a visitor of today by what the visitor shows; one query."""
    today = localdate(now)
    came = Q(created_at__date=today) | Q(last_contact_at__date=today)
    rows = Lead.objects.visible_to(actor).live().filter(came).order_by("-last_contact_at", "-id")
    wanted = "".join(code.split())
    return next((row for row in rows[:MOST_TODAY] if hmac.compare_digest(code_of(row, today), wanted)), None)
