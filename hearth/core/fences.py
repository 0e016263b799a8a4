"""How the rows of core and of the kept libraries are fenced."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session

from hearth.core.fence import ANYBODY, SOMEBODY, at_place, fence, leave_open
from hearth.core.models import EventRecord, IdempotencyKey, RequestWindow, ResealingMark, StoredFile

# An act at one place may have to be told at another, and that somebody signed in before it is known who.
fence(EventRecord, at_place(), takes=ANYBODY)
fence(StoredFile, SOMEBODY)
fence(IdempotencyKey, SOMEBODY)
leave_open(ResealingMark, because="How far each column has come under a new key.")
leave_open(RequestWindow, because="Counters of a minute by the key of a token.")
for own in (Group, Group.permissions.through, Permission, ContentType):
    leave_open(own, because="Django's own tables, which hold nobody's data.")
for signing_in in (Session, UserSession, EmailAddress, EmailConfirmation, Authenticator, SocialAccount):
    leave_open(signing_in, because="Read to find out who asks, before anybody is told.")
for unused in (SocialApp, SocialToken):
    leave_open(
        unused, because="Without rows: the environment names the provider, and its tokens are not kept."
    )
