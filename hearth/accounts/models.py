"""People who sign in, and the tokens of programs that act for them."""

import hashlib
from ipaddress import ip_address, ip_network
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.models import Record
from hearth.core.notifications import notification_kinds
from hearth.core.querysets import RecordQuerySet


class UserQuerySet(RecordQuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Finds users for sign-in; they are made by `accounts.services`."""


class User(AbstractBaseUser):
    """An employee's account. What the person may do comes from memberships, never from here."""

    username = models.CharField(_("user name"), max_length=150, unique=True)
    email = models.EmailField(_("e-mail"), blank=True)
    display_name = models.CharField(_("name"), max_length=100)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("created"))
    # The day from which a role of the person asks for a second step; kept, so that removing one gives no new grace.
    second_step_due_date = models.DateField(null=True, editable=False)
    # The account for an emergency holds every right everywhere, by no appointment; see `hearth.vigilance.emergency`.
    is_for_emergency = models.BooleanField(default=False, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.functions.Lower("email"),
                condition=~models.Q(email=""),
                name="one_account_for_each_email",
            ),
            models.UniqueConstraint(
                fields=["is_for_emergency"],
                condition=models.Q(is_for_emergency=True),
                name="one_account_for_an_emergency",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


class ApiTokenQuerySet(RecordQuerySet["ApiToken"]):
    pass


class ApiToken(models.Model):
    """A program's key to act as its user; only its hash is kept.

    `rights` and `networks` narrow it: to some of the user's rights, and to addresses it is used from. Empty: all.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(max_length=16)
    digest = models.BinaryField(max_length=32, unique=True)
    can_write = models.BooleanField(_("may change"), default=False)
    rights = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    networks = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"

    def allows_address(self, address: str) -> bool:
        """Tell whether the token may be used from an address; one that cannot be read is nowhere."""
        if not self.networks:
            return True
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in ip_network(network) for network in self.networks)

    @staticmethod
    def digest_of(secret: str) -> bytes:
        return hashlib.sha256(secret.encode()).digest()


class NotificationQuerySet(RecordQuerySet["Notification"]):
    def visible_to(self, actor: Actor) -> "NotificationQuerySet":
        """Keep what was told to the actor; nobody reads the bell of another."""
        return self.filter(user_id=actor.user_id) if actor.user_id is not None else self.none()

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)


class Notification(Record):
    """One thing a person is told inside the product; the sentence is made from kind and parameters when it is read."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_by_time"),
            models.Index(
                fields=["user"], name="notification_unread", condition=models.Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"

    @property
    def text(self) -> str:
        """The sentence in the reader's language; a kind that no app declares any longer gives its code.

        A parameter that people named in both languages is kept as a mapping of them.
        """
        kind = notification_kinds.get(self.kind)
        if kind is None:
            return self.kind
        language = "zh" if (get_language() or "").startswith("zh") else "en"
        return str(kind.text) % {
            name: value.get(language, "") if isinstance(value, dict) else value
            for name, value in self.params.items()
        }

    @property
    def icon(self) -> str:
        kind = notification_kinds.get(self.kind)
        return kind.icon if kind else "bell"
