"""Accounts are read to find out who asks."""

from hearth.accounts.models import ApiToken, Notification, User
from hearth.core.fence import leave_open

for signing_in in (User, ApiToken):
    leave_open(signing_in, because="Read to find out who asks, before anybody is told.")
leave_open(
    Notification, because="What the bell of a person says: codes and titles, found by that person alone."
)
