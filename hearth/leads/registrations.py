"""What leads offer to the rail, the imports, the timeline and the warehouse."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.extracts import Extract, register_extract
from hearth.core.installation import installation_steps
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, Section, register_place
from hearth.core.profiling import no_score
from hearth.core.templatetags.ui import in_language
from hearth.core.timeline import Detail, timeline_detail
from hearth.customers.following import rows_follow
from hearth.imports.kinds import register_import_kind
from hearth.leads import lists  # noqa: F401  (registers the list)
from hearth.leads.events import (
    RELEASED_BECAUSE,
    LeadAssigned,
    LeadCameAgain,
    LeadCaptured,
    LeadFollowedUp,
    LeadLost,
    LeadMoved,
    LeadReleased,
    LeadReopened,
    LeadWon,
)
from hearth.leads.grading import sync_grades
from hearth.leads.imports import LEADS_KIND
from hearth.leads.losses import sync_loss_reasons
from hearth.leads.models import Lead, Stage
from hearth.leads.permissions import CHANGE_GRADES, CHANGE_LEAD, CHANGE_PIPELINE, VIEW_LEAD
from hearth.leads.pipeline import sync_stages
from hearth.leads.selectors import due_count

register_place(
    Place(
        label=pgettext_lazy("leads", "Leads"),
        icon="user-plus",
        url_name="leads:leads",
        permission=VIEW_LEAD,
        order=20,
        shortcut="l",
        count=due_count,
    )
)
register_place(
    Place(
        label=pgettext_lazy("leads", "Visit"),
        icon="door-enter",
        url_name="leads:visit",
        permission=CHANGE_LEAD,
        order=12,
        is_creation=True,
        is_in_rail=False,
    )
)
register_place(
    Place(
        label=pgettext_lazy("leads", "Lead"),
        icon="user-plus",
        url_name="leads:new",
        permission=CHANGE_LEAD,
        order=13,
        is_creation=True,
        is_in_rail=False,
    )
)
register_place(
    Place(
        label=pgettext_lazy("leads", "Grades of leads"),
        icon="user-plus",
        url_name="leads:grades",
        permission=CHANGE_GRADES,
        order=33,
        section=Section.SETTINGS,
    )
)
register_place(
    Place(
        label=pgettext_lazy("leads", "Stages of leads"),
        icon="user-plus",
        url_name="leads:stages",
        permission=CHANGE_PIPELINE,
        order=34,
        section=Section.SETTINGS,
    )
)
register_place(
    Place(
        label=pgettext_lazy("leads", "Why leads are lost"),
        icon="user-plus",
        url_name="leads:loss_reasons",
        permission=CHANGE_PIPELINE,
        order=35,
        section=Section.SETTINGS,
    )
)
register_import_kind(LEADS_KIND)
register_extract(
    Extract(
        name="leads",
        sql="""
            SELECT l.id::text AS lead_id, l.customer_id::text, l.org_unit_id, l.project_id::text, l.source,
                g.letter AS grade, g.scheme AS grade_scheme, l.state, l.consultant_id, l.next_step_date,
                l.created_at AS occurred_at, l.last_contact_at, l.closed_at
            FROM leads_lead l LEFT JOIN leads_grade g ON g.id = l.grade_id
        """,
        columns={
            "lead_id": "string",
            "customer_id": "string",
            "org_unit_id": "int64",
            "project_id": "string",
            "source": "string",
            "grade": "string",
            "grade_scheme": "string",
            "state": "string",
            "consultant_id": "int64",
            "next_step_date": "date",
            "occurred_at": "timestamp('UTC')",
            "last_contact_at": "timestamp('UTC')",
            "closed_at": "timestamp('UTC')",
        },
        customer_column="customer_id",
    )
)


@timeline_detail(
    LeadCaptured.type,
    LeadCameAgain.type,
    LeadFollowedUp.type,
    LeadAssigned.type,
    LeadReleased.type,
    LeadWon.type,
    LeadLost.type,
    LeadMoved.type,
    LeadReopened.type,
)
def lead_details(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the project and what came next, and say why a lead was lost; one query."""
    wanted = {event.subject_id for event in events if event.subject_id}
    found = Lead.objects.visible_to(actor).filter(pk__in=wanted)
    rows = found.select_related("project", "lost_because")
    leads = {row.pk: row for row in rows}
    return {
        event.id: Detail(
            " · ".join(filter(None, (str(lead.project or ""), _words(event, lead)))),
            body=_why_lost(lead) if event.type == LeadLost.type else "",
            url=reverse("leads:lead", args=[lead.pk]),
        )
        for event in events
        if event.subject_id and (lead := leads.get(event.subject_id))
    }


def _why_lost(lead: Lead) -> str:
    because = in_language(lead.lost_because) if lead.lost_because else ""
    return " · ".join(filter(None, (because, lead.lost_reason)))


def _words(event: EventRecord, lead: Lead) -> str:
    if event.type in (LeadCaptured.type, LeadCameAgain.type):
        return str(dict(Lead.Source.choices).get(event.payload.get("source", ""), ""))
    if event.type == LeadFollowedUp.type:
        return f"{event.payload.get('next_step_day', '')} {event.payload.get('grade', '')}".strip()
    if event.type == LeadMoved.type:
        return f"{Stage(event.payload['from_stage']).label} → {Stage(event.payload['to_stage']).label}"
    return str(RELEASED_BECAUSE.get(event.payload.get("because", ""), ""))


def keep_grades(now: datetime) -> None:
    """Add the shipped grades that are missing."""
    sync_grades()


def keep_pipeline(now: datetime) -> None:
    """Add the shipped rules of stages and reasons of losses that are missing."""
    sync_stages()
    sync_loss_reasons()


installation_steps.register("leads.grades", keep_grades)
installation_steps.register("leads.pipeline", keep_pipeline)
rows_follow(Lead, "customer")
no_score(
    "leads.Lead.grade",
    because="How soon a colleague expects a purchase, judged by hand; nothing computes it.",
)
no_score(
    "leads.Lead.stage",
    "leads.Lead.stage_at",
    because="How far a purchase has come, by what is on record; nothing is computed about the person.",
)
