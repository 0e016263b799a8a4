"""The leads of the first project: open ones with what comes next, some in the public pool, some lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle

from django.utils.timezone import make_aware

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.demo.city.leads import (
    DAYS_AHEAD,
    DAYS_TO_CONTRACT,
    LETTERS,
    LOST,
    LOST_REASONS,
    MOST_LEADS,
    MOST_WON,
    NEXT_STEPS,
    POOLED,
    SOURCES,
    TURN,
)
from hearth.demo.city.places import COMPANIES
from hearth.demo.city.records import ProjectCity
from hearth.demo.loading.organization import Places
from hearth.demo.loading.project import LoadedProject
from hearth.leads.grading import scheme_at, sync_grades
from hearth.leads.losses import sync_loss_reasons
from hearth.leads.models import Grade, Lead, LossReason, Stage
from hearth.leads.permissions import CHANGE_LEAD
from hearth.leads.pipeline import missing_for
from hearth.leads.services import (
    Loss,
    NewLead,
    lose_lead,
    move_lead,
    release_lead,
    win_lead,
    write_leads,
)
from hearth.organization.selectors import people_with

SELLERS = ("sales_consultant", "sales_manager")


@dataclass(frozen=True)
class LeadWriter:
    """Writes a bounded number of leads whatever the size of the city; `users` are the demo accounts by role."""

    places: Places
    users: Mapping[str, User]
    actor: Actor
    now: datetime
    today: date

    def load(self, city: ProjectCity, loaded: LoadedProject) -> None:
        """Write leads of people who have not bought, shared out among those who sell."""
        bought = {purchase.buyer for purchase in city.purchases}
        people = [
            row
            for key, row in loaded.customers.items()
            if row.household_role == "head" and key not in bought and not row.is_canary
        ]
        sync_grades()
        sync_loss_reasons()
        wanted = self._wanted(people[:MOST_LEADS], loaded)
        made = write_leads(wanted, actor=self.actor, now=self.now, is_sample=True)
        self._let_go([lead for lead, _is_new in made])
        self._walk([lead for lead, _is_new in made])

    def _wanted(self, people: Sequence[Customer], loaded: LoadedProject) -> list[NewLead]:
        place = loaded.project.org_unit
        rows = Grade.objects.filter(scheme=scheme_at(place))
        grades = {grade.letter: grade.pk for grade in rows}
        turns = zip(
            people,
            cycle(self._sellers()),
            cycle(SOURCES),
            cycle(LETTERS),
            cycle(NEXT_STEPS),
            cycle(DAYS_AHEAD),
            strict=False,
        )
        return [
            NewLead(
                customer_id=person.pk,
                org_unit_id=place.pk,
                project_id=loaded.project.pk,
                source=source,
                source_detail=detail,
                grade_id=grades.get(letter),
                consultant_id=seller,
                next_step=step,
                next_step_date=self.today + timedelta(days=days),
                captured_at=person.created_at,
                last_contact_at=person.last_contact_at or person.created_at,
            )
            for person, seller, (source, detail), letter, step, days in turns
        ]

    def _walk(self, leads: Sequence[Lead]) -> None:
        """Bring leads as far as what is on record proves."""
        for row in leads:
            for stage in (Stage.VISIT, Stage.INTENTION):
                lead = Lead.objects.get(pk=row.pk)
                if not lead.is_open or missing_for(lead, stage, now=self.now):
                    break
                move_lead(lead, stage=stage, actor=self.actor, now=self.now)

    def load_won(self, city: ProjectCity, loaded: LoadedProject) -> None:
        """Write the leads of the latest buyers, and win them on the day of the contract."""
        signed = {purchase.buyer: purchase.signed_date for purchase in city.purchases}
        latest = sorted(signed, key=lambda key: signed[key], reverse=True)[:MOST_WON]
        turns = zip(latest, cycle(self._sellers()), cycle(SOURCES), cycle(DAYS_TO_CONTRACT), strict=False)
        for buyer, seller, (source, detail), days in turns:
            at = make_aware(datetime.combine(signed[buyer], time(12)))
            new = NewLead(
                customer_id=loaded.customers[buyer].pk,
                org_unit_id=loaded.project.org_unit_id,
                project_id=loaded.project.pk,
                source=source,
                source_detail=detail,
                consultant_id=seller,
                next_step=NEXT_STEPS[0],
                next_step_date=signed[buyer],
                last_contact_at=at,
            )
            came = at - timedelta(days=days)
            [(lead, _is_new)] = write_leads([new], actor=self.actor, now=came, is_sample=True)
            win_lead(lead, actor=self.actor, now=at)

    def _sellers(self) -> Sequence[int | None]:
        company = self.places[COMPANIES[0].code]
        able = set(people_with(CHANGE_LEAD, company, today=self.today).values_list("pk", flat=True))
        ours = [user.pk for code in SELLERS if (user := self.users.get(code)) and user.pk in able]
        return ours or [None]

    def _let_go(self, leads: Sequence[Lead]) -> None:
        reasons = {reason.code: reason for reason in LossReason.objects.all()}
        for number, (lead, (code, note, days)) in enumerate(zip(leads, cycle(LOST_REASONS), strict=False)):
            if number % TURN == POOLED:
                release_lead(lead, actor=self.actor, now=self.now)
            elif number % TURN == LOST:
                ask_again = self.today + timedelta(days=days)
                loss = Loss(because=reasons[code], note=note, win_back_date=ask_again)
                lose_lead(lead, loss, actor=self.actor, now=self.now)
