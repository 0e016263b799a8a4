"""What makes a case graver: noted by colleagues, counted by rules, and by age."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.cases.events import CaseRegraded, CaseSignalled
from hearth.cases.grades import AGE, GRADE_RULES, RANK, grade_of, group_level
from hearth.cases.models import Case, CaseSignal, Escalation, Signal
from hearth.cases.services.clocks import keep_clocks
from hearth.cases.services.ladder import keep_grade, raise_ladder, rules_at
from hearth.cases.services.steps import about, live
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import record

ACTOR = Actor.system("cases")
WITH_NUMBER = frozenset({Signal.AMOUNT.value, Signal.HOUSEHOLDS.value})
LARGEST = Decimal(10**11)


class SignalUnlikely(InvalidInput):
    """Amounts and households have a number above nothing, and nothing else has one."""

    code = "signal_unlikely"
    message = _("Say how much it is, for amounts and households only.")


@transaction.atomic
def note_signal(
    case: Case, *, actor: Actor, what: str, number: Decimal | None = None, note: str = "", now: datetime
) -> CaseSignal:
    """Note what may make a case graver, and let the rules of its place judge; they only raise a grade.

    :raises NotAllowed: if the actor may not change cases there
    :raises CaseIsClosed: if the case is closed
    :raises SignalUnlikely: if a number is missing or means nothing
    """
    case = live(case, actor)
    is_number = number is not None and 0 < number < LARGEST
    if what not in Signal.values or (what in WITH_NUMBER) is not is_number:
        raise SignalUnlikely("number")
    if what == Signal.HOUSEHOLDS and number is not None and (number % 1 or number > 10**6):
        raise SignalUnlikely("number")
    signal = CaseSignal.objects.create(
        case=case,
        what=what,
        number=number,
        note=note.strip()[:200],
        user_id=actor.user_id,
        is_sample=case.is_sample,
        created_at=now,
        updated_at=now,
    )
    record(CaseSignalled(**about(case), what=what), actor=actor, now=now)
    rules = rules_at(case)
    if what == Signal.HOUSEHOLDS and number is not None:
        _count_households(case, int(number), rules, now)
    _regrade(case, rules, actor=actor, now=now)
    return signal


def _count_households(case: Case, households: int, rules: Mapping[str, int], now: datetime) -> None:
    """Keep how many households it is, and tell those above whom a higher level concerns."""
    level = group_level(households, rules)
    is_new = bool(level) and level != case.group_level
    case.households, case.group_level, case.updated_at = households, level, now
    case.save(update_fields=["households", "group_level", "updated_at"])
    if is_new:
        raise_ladder(case, Escalation.Because.GROUP, level, now=now)


def _regrade(
    case: Case, rules: Mapping[str, list[Mapping[str, object]]], *, actor: Actor, now: datetime
) -> bool:
    """Raise the grade as far as the rules say, step by step where one needs another first."""
    facts, is_raised = _facts(case, now), False
    while found := grade_of(case.grade, facts, rules[GRADE_RULES.key]):
        before = case.grade
        case.grade, because = found
        case.updated_at, is_raised = now, True
        case.save(update_fields=["grade", "updated_at"])
        keep_grade(case, before, because, actor=actor, now=now)
        event = CaseRegraded(**about(case), from_grade=before, to_grade=case.grade, because=because)
        record(event, actor=actor, now=now)
    if is_raised:
        keep_clocks([case.pk], now=now)
    return is_raised


def _facts(case: Case, now: datetime) -> dict[str, int]:
    """Count the signals of a case; amounts and households by the latest word, the rest by how often."""
    facts = {AGE: (now - case.opened_at).days}
    for what, number in (
        CaseSignal.objects.filter(case=case).order_by("created_at", "id").values_list("what", "number")
    ):
        facts[what] = facts.get(what, 0) + 1 if number is None else int(number)
    return facts


def regrade_old(*, now: datetime) -> int:
    """Raise the grades of complaints that are open for long; return how many. Repeatable, each in its transaction."""
    highest = max(RANK, key=lambda grade: RANK[grade])
    old = Case.objects.open().filter(kind=Case.Kind.COMPLAINT, opened_at__lt=now - timedelta(days=1))
    ids = list(old.exclude(grade=highest).order_by("opened_at", "id").values_list("pk", flat=True))
    return sum(_regrade_one(case_id, now) for case_id in ids)


@transaction.atomic
def _regrade_one(case_id: UUID, now: datetime) -> bool:
    rows = Case.objects.open().select_for_update(of=("self",), skip_locked=True).select_related("org_unit")
    case = rows.filter(pk=case_id).first()
    return case is not None and _regrade(case, rules_at(case), actor=ACTOR, now=now)
