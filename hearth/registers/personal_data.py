"""In which incidents a person's data were seen or taken: given out, and gone with the person."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import (
    Person,
    Table,
    holds_none,
    register_personal_data,
    strike_out_in,
    table_of,
)
from hearth.registers.models import (
    AccessSearch,
    AffectedPerson,
    Assessment,
    ComplianceAudit,
    Incident,
    IncidentStep,
    NoticeLetter,
    Processor,
    ProcessorVisit,
)


def export_affected(person: Person) -> Table:
    rows = AffectedPerson.objects.filter(customer__in=person.ids).order_by("first_at", "id")
    return table_of(rows, ("incident__number", _("incident")), "seen", "taken", "first_at", "last_at", "told")


def erase_affected(person: Person, now: datetime) -> int:
    """Take the person off the lists; how many were found stays with the search."""
    return AffectedPerson.objects.filter(customer__in=person.ids).delete()[0]


def erase_incidents(person: Person, now: datetime) -> int:
    return strike_out_in(
        Incident.objects.all(), person, "title", "account", "notice_because", "cause", "measures"
    )


def erase_steps(person: Person, now: datetime) -> int:
    return strike_out_in(IncidentStep.objects.all(), person, "note")


def erase_letters(person: Person, now: datetime) -> int:
    return strike_out_in(
        NoticeLetter.objects.all(),
        person,
        "cause",
        "harm",
        "measures",
        "advice",
        "contact",
        "returned_because",
    )


register_personal_data(
    "registers.affected",
    _("Incidents that touched your data"),
    AffectedPerson,
    export=export_affected,
    erase=erase_affected,
)
register_personal_data("registers.incidents", _("Incidents"), Incident, erase=erase_incidents)
register_personal_data("registers.steps", _("Steps of incidents"), IncidentStep, erase=erase_steps)
register_personal_data(
    "registers.letters", _("Letters to those whom an incident touched"), NoticeLetter, erase=erase_letters
)
holds_none(AccessSearch, because="A colleague, a span of time, and counts.")
holds_none(Assessment, because="How a kind of processing is judged; it speaks of no customer.")
holds_none(Processor, ProcessorVisit, because="Companies that work for us, and how they are supervised.")
holds_none(ComplianceAudit, because="What an audit found of our own ways.")
