"""What the pages of sharing out leads show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.leads.models import Absence, AssignmentRule, Lead, LeadOwnership
from hearth.leads.permissions import ASSIGN_LEAD
from hearth.properties.models import Project

MOST_PROJECTS, MOST_SHOWN = 200, 30


@dataclass(frozen=True)
class Shared:
    """A project with its rule, if it has one, and who gets its leads with how many open ones each."""

    project: Project
    rule: AssignmentRule | None
    people: Sequence[tuple[User, int]]


def projects_with_rules(actor: Actor) -> Sequence[Shared]:
    """Return the projects where the actor gives leads; four queries."""
    projects = Project.objects.visible_with(actor, ASSIGN_LEAD).select_related("org_unit")
    rows = list(projects.order_by("name", "id")[:MOST_PROJECTS])
    rules = {
        rule.project_id: rule for rule in AssignmentRule.objects.visible_to(actor).filter(project__in=rows)
    }
    ids = {user_id for rule in rules.values() for user_id in rule.user_ids}
    users = User.objects.in_bulk(ids)
    counted = Lead.objects.open().filter(consultant__in=ids).order_by().values_list("consultant")
    load = dict(counted.annotate(number=Count("pk")))
    return [
        Shared(
            project,
            rule := rules.get(project.pk),
            [(users[each], load.get(each, 0)) for each in (rule.user_ids if rule else ()) if each in users],
        )
        for project in rows
    ]


def absences_for(actor: Actor, *, today: date) -> Sequence[Absence]:
    """Return who is or will be away where the actor gives leads; one query."""
    rows = Absence.objects.visible_to(actor).filter(until_date__gte=today)
    return list(rows.select_related("user", "deputy", "org_unit").order_by("from_date", "id")[:MOST_PROJECTS])


def assignments_for(actor: Actor) -> Sequence[LeadOwnership]:
    """Return who got leads by a rule where the actor gives leads, the newest first; one query."""
    given = Lead.objects.visible_with(actor, ASSIGN_LEAD).unmerged()
    rows = LeadOwnership.objects.filter(how=LeadOwnership.How.RULED, lead__in=given)
    related = rows.select_related("lead__project", "consultant", "instead_of")
    return list(related.order_by("-began_at", "-id")[:MOST_SHOWN])
