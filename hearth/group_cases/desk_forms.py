"""Forms of plan, team, statements, meetings and reviews."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.accounts.models import User
from hearth.cases.permissions import VIEW_CASE
from hearth.core.forms import SELECT, TEXT
from hearth.group_cases.forms import INSTANT, area
from hearth.group_cases.models import (
    GroupCase,
    GroupHousehold,
    GroupReview,
    PlanStep,
    Reach,
    Side,
    TeamRole,
)
from hearth.organization.selectors import people_with


def colleagues(group: GroupCase) -> "QuerySet[User]":
    """Return who may see the group complaint: who can be in its team or keep a promise."""
    return people_with(VIEW_CASE, group.org_unit, today=localdate()).order_by("display_name", "id")


class TeamForm(forms.Form):
    """A colleague and what they do."""

    role = forms.ChoiceField(
        label=pgettext_lazy("team of a group complaint", "Role"),
        choices=TeamRole.choices,
        widget=forms.Select(SELECT),
    )
    user = forms.ModelChoiceField(
        label=_("Colleague"), queryset=User.objects.none(), widget=forms.Select(SELECT)
    )

    def __init__(self, *args: Any, group: GroupCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues(group)  # type: ignore[attr-defined]


class StatementForm(forms.Form):
    """The words of the next version."""

    text = forms.CharField(label=pgettext_lazy("statement", "Words"), max_length=8000, widget=area(5))


class PublishForm(forms.Form):
    """Where a reply was published."""

    where = forms.CharField(label=_("Where it was published"), max_length=200, widget=forms.TextInput(TEXT))


class PlanStepForm(forms.ModelForm):  # type: ignore[type-arg]
    """A step of the plan."""

    class Meta:
        model = PlanStep
        fields: ClassVar = ["code", "name_zh", "name_en", "level", "role", "hours", "position", "is_active"]
        widgets: ClassVar = {
            **dict.fromkeys(("code", "name_zh", "name_en"), forms.TextInput(TEXT)),
            **dict.fromkeys(("level", "role"), forms.Select(SELECT)),
            **dict.fromkeys(("hours", "position"), forms.NumberInput(TEXT)),
        }
        labels: ClassVar = {"code": _("Code")}


class MeetingForm(forms.Form):
    """A meeting to be held."""

    title = forms.CharField(label=_("Title"), max_length=120, widget=forms.TextInput(TEXT))
    begins_at = forms.DateTimeField(
        label=_("Begins"), widget=forms.DateTimeInput({**TEXT, "type": "datetime-local"}, format=INSTANT)
    )
    location = forms.CharField(
        label=pgettext_lazy("meeting", "Where"), max_length=120, required=False, widget=forms.TextInput(TEXT)
    )
    agenda = forms.CharField(label=_("Agenda"), max_length=4000, required=False, widget=area(4))


class AttendanceForm(forms.Form):
    """One who is there: a colleague, a household, or somebody by name."""

    user = forms.ModelChoiceField(
        label=_("Colleague"), queryset=User.objects.none(), required=False, widget=forms.Select(SELECT)
    )
    household = forms.ModelChoiceField(
        label=_("Household"),
        queryset=GroupHousehold.objects.none(),
        required=False,
        widget=forms.Select(SELECT),
    )
    name = forms.CharField(
        label=_("Somebody else"), max_length=80, required=False, widget=forms.TextInput(TEXT)
    )

    def __init__(self, *args: Any, group: GroupCase, sees_customer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues(group)  # type: ignore[attr-defined]
        rows = GroupHousehold.objects.present().filter(group_case=group)
        chosen = self.fields["household"]
        chosen.queryset = rows.select_related("customer", "unit__building").order_by("joined_at", "id")  # type: ignore[attr-defined]
        chosen.label_from_instance = lambda row: row.named(sees_customer=sees_customer)  # type: ignore[attr-defined]


class CommitmentForm(forms.Form):
    """What is promised, by when, and who keeps it."""

    what = forms.CharField(label=_("What we promise"), max_length=300, widget=forms.TextInput(TEXT))
    responsible = forms.ModelChoiceField(
        label=_("Who keeps it"), queryset=User.objects.none(), widget=forms.Select(SELECT)
    )
    due_date = forms.DateField(label=_("Due"), widget=forms.DateInput({**TEXT, "type": "date"}))

    def __init__(self, *args: Any, group: GroupCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = colleagues(group)  # type: ignore[attr-defined]


class NegotiationForm(forms.Form):
    """What one side said."""

    side = forms.ChoiceField(label=_("Who says it"), choices=Side.choices, widget=forms.Select(SELECT))
    text = forms.CharField(label=_("What is said"), max_length=2000, widget=area(2))
    offer_amount = forms.DecimalField(
        label=_("Offer for each household, ¥"),
        max_digits=12,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput({**TEXT, "step": "0.01"}),
    )


class ReviewForm(forms.Form):
    """What a review says."""

    course = forms.CharField(label=_("What happened"), max_length=8000, required=False, widget=area(4))
    reasons = forms.CharField(label=_("Why it came to this"), max_length=8000, required=False, widget=area(4))
    lessons = forms.CharField(
        label=_("What we do otherwise from now on"), max_length=8000, required=False, widget=area(4)
    )
    prevention = forms.CharField(
        label=_("What other projects are to check"),
        max_length=1000,
        required=False,
        widget=area(3),
        help_text=_("Other projects read these words alone: name no customer, and nothing they cannot know."),
    )

    @classmethod
    def of(cls, review: GroupReview) -> "ReviewForm":
        """Return the form with what is kept."""
        return cls(initial={name: getattr(review, name) for name in cls.base_fields})


class ReachForm(forms.Form):
    """Who is to check for the same."""

    reach = forms.ChoiceField(
        label=_("Who is to check for the same"),
        choices=[("", pgettext_lazy("preventive check", "nobody")), *Reach.choices],
        required=False,
        widget=forms.Select(SELECT),
    )


class FindingForm(forms.Form):
    """What a check found."""

    is_found = forms.TypedChoiceField(
        label=_("Is it so here as well?"),
        choices=[("yes", _("yes")), ("no", _("no"))],
        coerce=lambda value: value == "yes",
        widget=forms.Select(SELECT),
    )
    finding = forms.CharField(label=_("What was found"), max_length=2000, widget=area(3))
