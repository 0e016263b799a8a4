"""From where our mails come, as those who read what comes back must know."""

from email.utils import parseaddr

from django.conf import settings


def sender_domain() -> str:
    """Return what stands behind the sign in the Message-ID of every mail of ours."""
    return sender_address().rpartition("@")[2]


def sender_address() -> str:
    """Return from which address every mail of ours comes."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
