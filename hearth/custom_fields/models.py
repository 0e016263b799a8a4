"""What fields of its own a company gives to customers, homes, contracts and cases."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet
from hearth.organization.models import OrgUnit


class FieldDefinitionQuerySet(RecordQuerySet["FieldDefinition"]):
    def in_order(self) -> "FieldDefinitionQuerySet":
        return self.order_by("position", "key", "id")


class FieldDefinition(Record):
    """A field beyond those that ship; it holds at its place and below. The values stand in the records' `custom`.

    `minimum` and `maximum` bound a number or an amount, and the length of a text. Without roles named, whoever sees
    the record sees the value, and whoever changes the record changes it.
    """

    class Kind(models.TextChoices):
        TEXT = "text", pgettext_lazy("kind of field", "text")
        NUMBER = "number", pgettext_lazy("kind of field", "number")
        MONEY = "money", _("amount, ¥")
        DATE = "date", _("day")
        CHOICE = "choice", _("one of several")
        CHOICES = "choices", _("some of several")
        YES_NO = "yes_no", _("yes or no")

    object_code = models.CharField(_("object"), max_length=20)
    key = models.CharField(_("key"), max_length=40)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="custom_fields")
    choices = ArrayField(models.CharField(max_length=60), verbose_name=_("choices"), default=list, blank=True)
    minimum = models.DecimalField(_("at least"), max_digits=16, decimal_places=2, null=True, blank=True)
    maximum = models.DecimalField(_("at most"), max_digits=16, decimal_places=2, null=True, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    is_sensitive = models.BooleanField(_("sensitive: kept encrypted"), default=False)
    view_roles = ArrayField(
        models.CharField(max_length=40), verbose_name=_("roles that see it"), default=list, blank=True
    )
    change_roles = ArrayField(
        models.CharField(max_length=40), verbose_name=_("roles that change it"), default=list, blank=True
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = FieldDefinitionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["object_code", "key"], name="one_custom_field_for_each_key_of_an_object"
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_code}.{self.key}"
