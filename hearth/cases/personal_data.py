"""Cases a person raised, given out and erased."""

from datetime import datetime

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case
from hearth.cases.services import tokens_of
from hearth.core.personal_data import Person, Table, naming, register_personal_data, table_of

IN_NUMBERS = Concat(Value("#"), Cast(F("number"), CharField()), output_field=CharField())


def export_cases(person: Person) -> Table:
    rows = Case.objects.filter(customer__in=person.ids).order_by("opened_at", "id")
    return table_of(
        rows,
        ("number", _("number")),
        "kind",
        "state",
        "channel",
        "topic",
        "title",
        "body",
        "reply",
        "opened_at",
        "answered_at",
        "closed_at",
        ("custom", _("further fields")),
    )


def erase_cases(person: Person, now: datetime) -> int:
    """Keep that there was a case of this kind at this home, whoever told of it; the words go.

    Cases of others in which the person is named keep their own words.
    """
    own = Case.objects.filter(customer__in=person.ids)
    number = own.update(
        title=IN_NUMBERS, topic="", body="", reply="", text_tokens="", external_key="", custom={}
    )
    for case in naming(Case.objects.all(), person, "title", "body", "reply"):
        case.title = person.strike_out(case.title, limit=200)
        case.body, case.reply = person.strike_out(case.body), person.strike_out(case.reply)
        case.text_tokens = tokens_of(case.title, case.body, case.reply)
        case.save(update_fields=["title", "body", "reply", "text_tokens"])
        number += 1
    return number


register_personal_data("cases.cases", _("Cases"), Case, export=export_cases, erase=erase_cases)
