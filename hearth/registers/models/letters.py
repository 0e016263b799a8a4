"""The letter to the persons whom an incident touched: what PIPL article 57 has it say, and who stands behind it."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.registers.models.incidents import DataKind, Incident
from hearth.registers.permissions import VIEW_REGISTER


class NoticeLetterQuerySet(ScopedQuerySet["NoticeLetter"]):
    view_permission = VIEW_REGISTER
    place_path = "incident__org_unit_id"

    def published(self) -> "NoticeLetterQuerySet":
        return self.filter(published_at__isnull=False, withdrawn_at=None)


class NoticeLetter(Record):
    """What the persons of one incident are told. An approved letter is never changed.

    `author` began it and `editor` changed it last; neither approves it. It is published where not everybody can be
    written to.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("letter", "draft")
        SUBMITTED = "submitted", pgettext_lazy("letter", "waits for approval")
        APPROVED = "approved", pgettext_lazy("letter", "approved")

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="letter")
    data_kinds = ArrayField(
        models.CharField(max_length=10, choices=DataKind), default=list, verbose_name=_("kinds of data")
    )
    cause = models.TextField(pgettext_lazy("letter", "what happened, and why"), blank=True)
    harm = models.TextField(pgettext_lazy("letter", "harm that may follow"), blank=True)
    measures = models.TextField(pgettext_lazy("letter", "what we did about it"), blank=True)
    advice = models.TextField(pgettext_lazy("letter", "what the persons can do"), blank=True)
    contact = models.CharField(pgettext_lazy("letter", "whom to ask"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(pgettext_lazy("letter", "approved"), null=True)
    returned_because = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(pgettext_lazy("letter", "published"), null=True)
    withdrawn_at = models.DateTimeField(pgettext_lazy("letter", "withdrawn"), null=True)

    objects = NoticeLetterQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("author"))
                & ~models.Q(approved_by=models.F("editor")),
                name="nobody_approves_a_letter_they_wrote",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="an_approved_letter_says_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True) | models.Q(state="approved"),
                name="only_an_approved_letter_is_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.state}"

    @property
    def is_complete(self) -> bool:
        """Tell whether it says all that the law asks for."""
        return bool(
            self.data_kinds and all((self.cause, self.harm, self.measures, self.advice, self.contact))
        )

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None

    @property
    def kind_labels(self) -> list[str | Promise]:
        return [DataKind(kind).label for kind in self.data_kinds]
