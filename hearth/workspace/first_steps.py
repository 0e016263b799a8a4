"""The first run: which steps lead from an empty installation to work, and which of them are done."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.organization.models import FirstStep, OrgUnit
from hearth.organization.permissions import CHANGE_ORGANIZATION

Code, State = FirstStep.Code, FirstStep.State
WORDS: dict[str, tuple[str, str | Promise]] = {
    Code.COMPANY: ("building-skyscraper", _("What your group is called, and in which language you work")),
    Code.PLACES: ("sitemap", _("Regions, city companies and project teams: who sees what follows from them")),
    Code.RECORDS: ("users", _("Bring in your customers from files, or look around in a sample city first")),
    Code.PEOPLE: ("user-plus", _("Invite colleagues by mail, each with a role at a place")),
}


@dataclass(frozen=True)
class StepToTake:
    """One step: what it is for, and whether it is open, done or skipped."""

    code: str
    label: str | Promise
    text: str | Promise
    icon: str
    state: str

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_done(self) -> bool:
        return self.state == State.DONE


def first_steps_for(actor: Actor) -> list[StepToTake]:
    """Return the steps in their order to whoever changes the whole organisation; none where nothing is open.

    What was done elsewhere counts as done. One query, two more while steps are open.
    """
    if not actor.scope(CHANGE_ORGANIZATION).everywhere:
        return []
    states = dict(FirstStep.objects.values_list("code", "state"))
    for code in (code for code, state in states.items() if state == State.OPEN):
        if _is_done_elsewhere(code):
            states[code] = State.DONE
    if State.OPEN not in states.values():
        return []
    return [_step(code, states[code]) for code in Code if code in states]


def all_steps() -> list[StepToTake]:
    """Return every step with what was noted of it, also after the first run; one query."""
    states = dict(FirstStep.objects.values_list("code", "state"))
    return [_step(code, states[code]) for code in Code if code in states]


def _step(code: FirstStep.Code, state: str) -> StepToTake:
    icon, text = WORDS[code]
    return StepToTake(code.value, code.label, text, icon, state)


def _is_done_elsewhere(code: str) -> bool:
    """Tell by the records whether a step was taken without its page; the group's name proves nothing."""
    if code == Code.PLACES:
        return OrgUnit.objects.filter(parent__isnull=False, is_active=True).exists()
    if code == Code.RECORDS:
        return Customer.objects.exists()
    return code == Code.PEOPLE and User.objects.active().count() > 1


def next_open(steps: Sequence[StepToTake], *, after: str = "") -> StepToTake | None:
    """Return the open step after another one, else the first that is open."""
    codes = [step.code for step in steps]
    later = steps[codes.index(after) + 1 :] if after in codes else []
    return next((step for step in [*later, *steps] if step.is_open), None)
