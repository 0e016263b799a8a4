"""The composer above the timeline: one place to write a note, a call, a visit, a message, a task or a case."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import NewCase, open_case
from hearth.channels.models import Channel, Interaction
from hearth.channels.permissions import RECORD_INTERACTION
from hearth.channels.selectors import place_for
from hearth.channels.services.composing import write_contact
from hearth.channels.services.interactions import NewInteraction
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.tasks.choices import doers_for
from hearth.tasks.models import Task
from hearth.tasks.permissions import VIEW_TASK
from hearth.tasks.services import NewTask, create_task

TEXT, SELECT = {"class": "form-control"}, {"class": "form-select"}
SUMMARY_LENGTH = 200


class ManyFiles(forms.FileField):
    """Any number of files, as a list; what they may be is asked by the service."""

    def __init__(self) -> None:
        widget = forms.FileInput({**TEXT, "accept": ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"})
        widget.allow_multiple_selected = True
        widget.attrs["multiple"] = True
        super().__init__(label=_("Files"), required=False, widget=widget)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list) else [data]
        return [super(ManyFiles, self).clean(one, initial) for one in given if one]


class ComposerForm(forms.Form):
    """A text, and what the tab adds to it; sent by Ctrl-Enter."""

    body = forms.CharField(label=_("Text"), widget=forms.Textarea({**TEXT, "rows": 3, "data-send": ""}))

    def __init__(self, *args: Any, actor: Actor, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.today = actor, today


def _mark() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Sensitive"), required=False, widget=forms.CheckboxInput({"class": "form-check-input"})
    )


class NoteForm(ComposerForm):
    """What only colleagues read; `@name` tells a colleague."""

    attachments = ManyFiles()
    is_sensitive = _mark()


class ContactForm(ComposerForm):
    """What passed between the customer and us."""

    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=Interaction.Direction.choices[:2],
        initial=Interaction.Direction.OUTBOUND,
        widget=forms.Select(SELECT),
    )
    occurred_at = forms.DateTimeField(
        label=_("When, if not now"),
        required=False,
        widget=forms.DateTimeInput({**TEXT, "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    attachments = ManyFiles()
    is_sensitive = _mark()


class MessageForm(ContactForm):
    """A message that went by another way than Hearth."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[choice for choice in Channel.choices if choice[0] in ("wechat", "sms", "email", "web")],
        widget=forms.Select(SELECT),
    )


class TaskForm(ComposerForm):
    """Something to be done for the customer."""

    doer = forms.ChoiceField(label=_("For whom"), widget=forms.Select(SELECT))
    due_date = forms.DateField(
        label=_("Due"), widget=forms.DateInput({**TEXT, "type": "date"}, format="%Y-%m-%d")
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        coerce=int,
        choices=Task.Priority.choices,
        initial=Task.Priority.ORDINARY,
        widget=forms.Select(SELECT),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["doer"].choices = doers_for(self.actor, today=self.today)  # type: ignore[attr-defined]
        self.fields["due_date"].initial = self.today


class CaseForm(ComposerForm):
    """A matter the customer raised."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Case.Kind.choices, widget=forms.Select(SELECT))
    grade = forms.ChoiceField(label=_("Grade"), choices=Case.Grade.choices, widget=forms.Select(SELECT))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices[:-1], widget=forms.Select(SELECT))


Write = Callable[[Customer, OrgUnit, Mapping[str, Any], Actor, datetime], object]


@dataclass(frozen=True)
class Tab:
    """One way to write: who may, with which fields, and the act it is."""

    code: str
    label: str | Promise
    icon: str
    permission: str
    form: type[ComposerForm]
    write: Write
    is_internal: bool = False

    @property
    def tells_colleagues(self) -> bool:
        """Tell whether `@name` in the text tells a colleague."""
        return self.permission == RECORD_INTERACTION


def _split(text: str) -> tuple[str, str]:
    """Take the first line as the summary, and the whole as the text where it says more."""
    text = text.strip()
    summary = text.splitlines()[0][:SUMMARY_LENGTH]
    return summary, "" if summary == text else text


def _contact(channel: str, direction: str = "") -> Write:
    def write(
        customer: Customer, place: OrgUnit, chosen: Mapping[str, Any], actor: Actor, now: datetime
    ) -> object:
        summary, body = _split(chosen["body"])
        new = NewInteraction(
            customer.pk,
            place.pk,
            channel or chosen["channel"],
            direction or chosen["direction"],
            summary,
            body,
            occurred_at=chosen.get("occurred_at"),
            is_sensitive=chosen["is_sensitive"],
        )
        return write_contact(new, actor=actor, now=now, files=chosen["attachments"])

    return write


def _task(
    customer: Customer, place: OrgUnit, chosen: Mapping[str, Any], actor: Actor, now: datetime
) -> object:
    title, note = _split(chosen["body"])
    kind, _colon, number = chosen["doer"].partition(":")
    new = NewTask(
        place.pk,
        title,
        chosen["due_date"],
        int(number) if kind == "user" else None,
        int(number) if kind == "role" else None,
        note,
        chosen["priority"],
        customer.pk,
    )
    return create_task(new, actor=actor, now=now)


def _case(
    customer: Customer, place: OrgUnit, chosen: Mapping[str, Any], actor: Actor, now: datetime
) -> object:
    title, body = _split(chosen["body"])
    new = NewCase(
        place.pk,
        chosen["kind"],
        title,
        body or title,
        chosen["channel"],
        opened_at=now,
        customer_id=customer.pk,
        grade=chosen["grade"],
    )
    return open_case(new, actor=actor, now=now)


TABS: Sequence[Tab] = (
    Tab(
        "note",
        _("Note"),
        "note",
        RECORD_INTERACTION,
        NoteForm,
        _contact(Channel.NOTE, Interaction.Direction.INTERNAL),
        is_internal=True,
    ),
    Tab("call", _("Call"), "phone", RECORD_INTERACTION, ContactForm, _contact(Channel.PHONE)),
    Tab("visit", _("Visit"), "door-enter", RECORD_INTERACTION, ContactForm, _contact(Channel.VISIT)),
    Tab(
        "message",
        pgettext_lazy("composer", "Message"),
        "message",
        RECORD_INTERACTION,
        MessageForm,
        _contact(""),
    ),
    Tab("task", _("Task"), "checklist", VIEW_TASK, TaskForm, _task, is_internal=True),
    Tab("case", _("Case"), "messages", CHANGE_CASE, CaseForm, _case),
)


def tabs_for(actor: Actor) -> list[Tab]:
    """Return the ways in which the actor may write."""
    return [tab for tab in TABS if actor.can(tab.permission)]


def write(tab: Tab, customer: Customer, chosen: Mapping[str, Any], *, actor: Actor, now: datetime) -> object:
    """Do the act of a tab at the first place where the customer is known and the actor may do it.

    :raises NotAllowed: if there is no such place
    """
    place = place_for(customer, actor, permission=tab.permission)
    if place is None:
        raise NotAllowed(permission=tab.permission)
    return tab.write(customer, place, chosen, actor, now)


def form_for(tab: Tab, actor: Actor, *, now: datetime, sent: Any = None, files: Any = None) -> ComposerForm:
    return tab.form(sent, files, actor=actor, today=localdate(now))
