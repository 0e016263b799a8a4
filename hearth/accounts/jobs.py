"""Mail about accounts, by workers."""

from hearth.accounts.devices import write_of_new_device_to
from hearth.accounts.models import User
from hearth.accounts.services.invitations import may_be_invited, send_invitation_to
from hearth.core.jobs import job


@job("accounts.send_invitation", queue="mail")
def send_invitation(*, user_id: int) -> None:
    """Invite a person who still waits for it; tried again while the server cannot be reached."""
    user = User.objects.filter(pk=user_id).first()
    if user is not None and may_be_invited(user):
        send_invitation_to(user)


@job("accounts.write_of_new_device", queue="mail")
def write_of_new_device(*, user_id: int) -> None:
    """Write to a person whose account was opened on a new device; tried again while the server cannot be reached."""
    user = User.objects.active().filter(pk=user_id).exclude(email="").first()
    if user is not None:
        write_of_new_device_to(user)
