"""What the buyers of one project were told and promised, through the hands of the demo accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.demo.city.promises import DRAFT, FACTORS, PROMISES, PUBLISHED, PromisePlan, parts_of
from hearth.demo.loading.hands import actor_of_role
from hearth.demo.loading.project import LoadedProject
from hearth.promises.models import Disclosure
from hearth.promises.services import (
    Acknowledged,
    NewPromise,
    Said,
    Shown,
    acknowledge_disclosure,
    add_factor,
    approve_disclosure,
    begin_disclosure,
    confirm_outcome,
    mark_overdue,
    post_disclosure,
    publish_disclosure,
    record_promise,
    say_outcome,
    submit_disclosure,
    write_disclosure,
)
from hearth.properties.models import Project
from hearth.sales.models import Contract

PUBLISHED_DAYS_AGO = 700
BUYERS = 12
# One in so many buyers has not acknowledged what was disclosed.
FORGOTTEN = 5
Kind = Disclosure.Kind


@dataclass(frozen=True)
class ToldLoader:
    """Writes disclosures, acknowledgements and promises of one project."""

    users: Mapping[str, User]
    now: datetime

    def load(self, loaded: LoadedProject) -> None:
        """Write them; nothing where the accounts that would do it are missing."""
        writer, second = (
            actor_of_role(self.users, "sales_manager", self.now),
            actor_of_role(self.users, "city_cr_manager", self.now),
        )
        consultant = actor_of_role(self.users, "sales_consultant", self.now)
        if writer is None or second is None or consultant is None:
            return
        project = Project.objects.select_related("org_unit").get(pk=loaded.project.pk)
        for kind, heading, body in PUBLISHED:
            row = self._publish(project, kind, heading, body, writer, second)
            self._acknowledge(row, consultant)
        self._begin_factors(project, writer)
        for plan in PROMISES:
            self._promise(project, plan, writer, second)
        mark_overdue(now=self.now)

    def _publish(
        self, project: Project, kind: str, heading: str, body: str, writer: Actor, second: Actor
    ) -> Disclosure:
        at = self.now - timedelta(days=PUBLISHED_DAYS_AGO)
        row = begin_disclosure(project, kind, actor=writer, now=at)
        parts = parts_of(f"{project.name}{heading}", body, str(project.org_unit), localdate(at))
        write_disclosure(row, parts, actor=writer, now=at)
        submit_disclosure(row, actor=writer, now=at)
        approve_disclosure(row, actor=second, now=at)
        publish_disclosure(row, actor=writer, now=at)
        post_disclosure(row, Shown("sales_office", "售楼处入口公示栏", localdate(at)), actor=writer, now=at)
        return row

    def _acknowledge(self, row: Disclosure, consultant: Actor) -> None:
        signed = Contract.objects.live().filter(
            unit__project=row.project_id, signed_date__gte=localdate(row.created_at)
        )
        newest = signed.select_related("customer", "unit").order_by("-signed_date", "id")[:BUYERS]
        for number, contract in enumerate(newest):
            if number % FORGOTTEN != FORGOTTEN - 1:
                said = Acknowledged("signed", contract.signed_date, contract.unit, "案场档案柜")
                acknowledge_disclosure(row, contract.customer, said, actor=consultant, now=self.now)

    def _begin_factors(self, project: Project, writer: Actor) -> None:
        """Leave the adverse factors as a draft that lacks its drawing."""
        at = self.now - timedelta(days=2)
        row = begin_disclosure(project, Kind.ADVERSE_FACTORS, actor=writer, now=at)
        heading = f"{project.name}红线内外不利因素公示"
        parts = parts_of(heading, DRAFT, str(project.org_unit), localdate(at))
        write_disclosure(row, parts, actor=writer, now=at)
        for factor in FACTORS:
            add_factor(row, factor, actor=writer, now=at)

    def _promise(self, project: Project, plan: PromisePlan, writer: Actor, second: Actor) -> None:
        today = localdate(self.now)
        new = NewPromise(
            title=plan.title,
            wording=plan.wording,
            source=plan.source,
            source_detail=plan.detail,
            audience=plan.audience,
            made_date=today + timedelta(days=plan.made_in),
            due_date=None if plan.due_in is None else today + timedelta(days=plan.due_in),
            department=project.org_unit,
        )
        row = record_promise(project, new, actor=writer, now=self.now)
        if plan.outcome:
            said = say_outcome(row, Said(plan.outcome, plan.proof), actor=writer, now=self.now)
            confirm_outcome(said, actor=second, now=self.now)
