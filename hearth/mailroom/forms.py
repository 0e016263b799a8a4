"""Forms of the mailroom."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.forms import SELECT, TEXT, OwnIds, choice, text, tick, words
from hearth.lib.contact import InvalidEmail, normalise_email
from hearth.mailroom.models import Mailbox
from hearth.mailroom.permissions import MANAGE_MAILBOX
from hearth.mailroom.services import AboutMailbox
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project

ASKED = ("name", "address", "host", "port", "security", "user_name", "password", "folder", "project")
SWITCHES = ("sends_receipts", "is_active")


class MailboxForm(forms.Form):
    """A mailbox: where it is, and how it is opened."""

    name = words(pgettext_lazy("mailbox", "Name"), 80)
    address = words(
        _("Address that customers write to"), 254, help_text=_("Answers to our mails come back to it.")
    )
    host = words(_("IMAP server"), 253)
    port = forms.IntegerField(
        label=_("Port"), min_value=1, max_value=65_535, initial=993, widget=forms.NumberInput(TEXT)
    )
    security = choice(_("Encryption"), Mailbox.Security.choices)
    user_name = words(_("User name"), 254)
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        required=False,
        strip=False,
        widget=forms.PasswordInput({**TEXT, "autocomplete": "new-password"}),
        help_text=_(
            "It is kept encrypted. Left empty, the one that is kept stays. Some providers want an authorisation code "
            "here."
        ),
    )
    folder = words(_("Folder"), 100, initial="INBOX")
    project = forms.ModelChoiceField(
        Project.objects.none(),
        label=_("Project"),
        required=False,
        empty_label=_("All projects of the place"),
        widget=forms.Select(SELECT),
    )
    sends_receipts = tick(
        _("Tell known customers once for each matter that their mail arrived"), initial=True
    )
    is_active = tick(_("Fetch from it"), initial=True)

    def __init__(self, *args: Any, actor: Actor, mailbox: Mailbox | None = None, **kwargs: Any) -> None:
        if mailbox is not None:
            kept = {name: getattr(mailbox, name) for name in (*ASKED, *SWITCHES) if name != "password"}
            kwargs["initial"] = kept
        super().__init__(*args, **kwargs)
        scope = Project.objects.visible_to(actor).order_by("name", "id")
        if mailbox is not None:
            scope = scope.filter(org_unit__path__startswith=mailbox.org_unit.path)
        self.fields["project"].queryset = scope  # type: ignore[attr-defined]
        if mailbox is None:
            self.fields["password"].required = True

    def clean_address(self) -> str:
        """Bring the address to one form."""
        try:
            return normalise_email(self.cleaned_data["address"])
        except InvalidEmail as error:
            raise forms.ValidationError(_("This is not an e-mail address.")) from error

    def clean_host(self) -> str:
        return str(self.cleaned_data["host"]).strip().lower()

    def about(self) -> AboutMailbox:
        """Return what was said of the mailbox."""
        return AboutMailbox(**{name: self.cleaned_data[name] for name in (*ASKED, *SWITCHES)})


class NewMailboxForm(MailboxForm):
    """The same, with the place that the mails are taken in for."""

    org_unit = forms.ModelChoiceField(
        OrgUnit.objects.none(), label=_("Place"), empty_label=None, widget=forms.Select(SELECT)
    )
    field_order = ("name", "org_unit", *ASKED[1:], *SWITCHES)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        places = OrgUnit.objects.visible_with(actor, MANAGE_MAILBOX).for_records()
        self.fields["org_unit"].queryset = places  # type: ignore[attr-defined]


class KindForm(OwnIds):
    """What kind of matter a mail raises."""

    kind = choice(_("Kind"), Case.Kind.choices)


class NewCaseForm(OwnIds):
    """A case of a mail: its kind, and who the customer is."""

    kind = choice(_("Kind"), Case.Kind.choices)
    customer = words(
        _("Customer"), 80, required=False, help_text=_("Name, phone or e-mail address; empty: not known yet.")
    )


class OldCaseForm(OwnIds):
    """The case that a mail belongs to."""

    number = words(_("Number of the case"), 14)


class DismissForm(OwnIds):
    """Why a mail is no concern of ours."""

    reason = words(_("Why"), 200)
    is_for_all = tick(_("All that are held back from this sender"))


class ReplyForm(OwnIds):
    """The answer that goes to the customer; its key lets it be sent once, however often the button is pressed.

    `to` is the mail whose writer was shown as the recipient: the page names it anew each time.
    """

    reply = text(_("Answer to the customer"), rows=6)
    key = forms.UUIDField(widget=forms.HiddenInput())
    to = forms.UUIDField(widget=forms.HiddenInput())

    @classmethod
    def fresh(cls) -> "ReplyForm":
        """Return an empty form with a key of its own."""
        return cls(initial={"key": uuid4()})
