"""Keeping the text templates of places."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hearth.channels.events import TemplateChanged
from hearth.channels.models import TextTemplate
from hearth.channels.permissions import CHANGE_TEMPLATE
from hearth.channels.templating import unknown_signs
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import record as record_event
from hearth.organization.models import OrgUnit


class TemplateNameTaken(InvalidInput):
    """The place has a template of this name."""

    code = "template_name_taken"
    message = _("This place has a template of this name.")


class UnknownSign(InvalidInput):
    """The text holds a sign that nothing can stand for."""

    code = "unknown_sign"
    message = _("Nothing is known by the sign {%(sign)s}.")


@dataclass(frozen=True)
class TemplateText:
    """What a template says."""

    name: str
    body: str
    is_active: bool = True


def add_template(text: TemplateText, *, org_unit: OrgUnit, actor: Actor, now: datetime) -> TextTemplate:
    """Give a place, and all below it, one more template.

    :raises NotAllowed: if the actor may not keep templates there
    :raises TemplateNameTaken: if the place has one of this name
    :raises UnknownSign: if the text holds a sign that is none
    """
    return _keep(TextTemplate(org_unit=org_unit, created_at=now), text, actor=actor, now=now)


def change_template(
    template: TextTemplate, text: TemplateText, *, actor: Actor, now: datetime
) -> TextTemplate:
    """Change what a template says, or put it out of use.

    :raises NotAllowed, TemplateNameTaken, UnknownSign: as `add_template`
    """
    return _keep(template, text, actor=actor, now=now)


def _keep(template: TextTemplate, text: TemplateText, *, actor: Actor, now: datetime) -> TextTemplate:
    actor.require(CHANGE_TEMPLATE, template.org_unit_id)
    if unknown := unknown_signs(text.body):
        raise UnknownSign("body", sign=unknown[0])
    template.name, template.body, template.is_active = text.name, text.body, text.is_active
    template.updated_at = now
    try:
        with transaction.atomic():
            template.save()
            event = TemplateChanged(
                org_unit_id=template.org_unit_id, subject_id=template.pk, is_active=template.is_active
            )
            record_event(event, actor=actor, now=now)
    except IntegrityError as error:
        raise TemplateNameTaken("name") from error
    return template
