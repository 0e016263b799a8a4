"""What group complaints offer to the rail and the timeline."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.core.actor import Actor
from hearth.core.installation import installation_steps
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, Section, register_place
from hearth.core.timeline import Detail, timeline_detail
from hearth.customers.following import rows_follow
from hearth.group_cases import levels, lists  # noqa: F401  (each registers what it offers)
from hearth.group_cases.events import HouseholdJoined, HouseholdLeft, RepresentativeNamed
from hearth.group_cases.library import sync_library
from hearth.group_cases.models import GroupCase, GroupHousehold, PreventiveCheck
from hearth.group_cases.permissions import CHANGE_PLAN
from hearth.group_cases.plans import sync_plan
from hearth.tasks.subjects import Subject, SubjectKind, subjects

register_place(Place(_("Group complaints"), "users-group", "group_cases:groups", VIEW_CASE, order=61))
register_place(
    Place(
        _("Group complaint"),
        "users-group",
        "group_cases:new",
        CHANGE_CASE,
        order=21,
        is_creation=True,
        is_in_rail=False,
    )
)

register_place(
    Place(_("Preventive checks"), "shield-check", "group_cases:checks", VIEW_CASE, order=63, is_in_rail=False)
)
register_place(
    Place(
        _("Major complaints by year"), "history", "group_cases:years", VIEW_CASE, order=64, is_in_rail=False
    )
)
register_place(
    Place(
        _("Group complaints of the past"),
        "books",
        "group_cases:library",
        VIEW_CASE,
        order=65,
        is_in_rail=False,
    )
)
register_place(
    Place(
        label=_("Plan for group complaints"),
        icon="users-group",
        url_name="group_cases:plan",
        permission=CHANGE_PLAN,
        order=35,
        section=Section.SETTINGS,
        is_in_rail=False,
    )
)


@timeline_detail(HouseholdJoined.type, HouseholdLeft.type, RepresentativeNamed.type)
def group_details(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the group complaint, and of how many households it is; one query."""
    wanted = {event.subject_id for event in events if event.subject_id}
    groups = GroupCase.objects.visible_to(actor).in_bulk(wanted)
    return {
        event.id: Detail(summary=_summary(group), url=reverse("group_cases:group", args=[group.pk]))
        for event in events
        if event.subject_id and (group := groups.get(event.subject_id))
    }


def _summary(group: GroupCase) -> str:
    words = pgettext("group complaint", "%(households)s households")
    return f"#{group.number} {group.title} · {words % {'households': group.households}}"


def load_groups(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Subject]:
    """Name group complaints that tasks are about; one query."""
    return {
        row.pk: Subject(
            f"#{row.number} {row.title}", reverse("group_cases:review", args=[row.pk]), None, row.org_unit_id
        )
        for row in GroupCase.objects.visible_to(actor).filter(pk__in=ids)
    }


def load_checks(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Subject]:
    """Name preventive checks that tasks are about; one query."""
    rows = PreventiveCheck.objects.visible_to(actor).filter(pk__in=ids).select_related("project")
    return {
        row.pk: Subject(row.project.name, reverse("group_cases:check", args=[row.pk]), None, row.org_unit_id)
        for row in rows
    }


def keep_shipped(now: datetime) -> None:
    """Add the steps of the plan and the cases of the past that are missing."""
    sync_plan()
    sync_library()


installation_steps.register("group_cases.shipped", keep_shipped)
subjects.register("group_case", SubjectKind(_("Group complaint"), "users-group", load_groups))
subjects.register("group_check", SubjectKind(_("Preventive check"), "shield-check", load_checks))
rows_follow(GroupHousehold, "customer")
