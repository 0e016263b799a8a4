"""The list of repair orders."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.templatetags.ui import in_language
from hearth.lists import cells
from hearth.lists.cells import Badge, Heading
from hearth.lists.columns import badge_of, name_of, value_of, word_of
from hearth.lists.definitions import (
    Batch,
    Board,
    Column,
    Emptiness,
    ListDefinition,
    Order,
    Preset,
    register_list,
)
from hearth.lists.filters import CHOICE, FLAG, INSTANT, PERSON, PLACE, TEXT, Filter, Reader, Test
from hearth.repairs.home_parts import PARTS
from hearth.repairs.models import RepairOrder
from hearth.repairs.permissions import VIEW_REPAIR

STATES = RepairOrder.State.choices
STATE_COLOURS = {
    "open": "orange",
    "booked": "blue",
    "arrived": "cyan",
    "finished": "lime",
    "signed": "green",
    "cancelled": "secondary",
}
REPEAT = Badge(pgettext_lazy("repair", "repeat"), "red")


def _numbers(batch: Batch[RepairOrder]) -> Sequence[Heading]:
    return [Heading(str(row), row.unit.address, "tool") for row in batch.rows]


def _repeats(batch: Batch[RepairOrder]) -> Sequence[Badge | None]:
    return [REPEAT if row.repeat_of_id else None for row in batch.rows]


def _warranties(batch: Batch[RepairOrder]) -> Sequence[Badge]:
    return [warranty_badge(row) for row in batch.rows]


def warranty_badge(row: RepairOrder) -> Badge:
    """Say whether a repair falls into the warranty, and until when that lasts."""
    until = row.warranty_until_date.isoformat() if row.warranty_until_date else ""
    if row.is_in_warranty:
        return Badge(pgettext_lazy("warranty", "in warranty"), "green", until)
    return Badge(pgettext_lazy("warranty", "not in warranty"), "secondary", until)


def _causes(batch: Batch[RepairOrder]) -> Sequence[str]:
    return [in_language(row.cause) if row.cause else "" for row in batch.rows]


def _slots(batch: Batch[RepairOrder]) -> Sequence[object]:
    return [row.slot.starts_at if row.slot else None for row in batch.rows]


def _is_repeat(test: Test, reader: Reader) -> Q:
    return Q(repeat_of__isnull=test.values != ("yes",))


def meant_by(words: str) -> Q:
    """Return the condition that an order is meant by its number, its home, or words of the fault; no query."""
    number = words.strip().lstrip("Ww#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        return Q(number=int(number)) | Q(unit__number=number)
    return (
        Q(fault__icontains=words) | Q(unit__project__name__icontains=words) | Q(contractor__icontains=words)
    )


REPAIRS = register_list(
    ListDefinition(
        key="repairs",
        label=_("Repairs"),
        icon="tool",
        permission=VIEW_REPAIR,
        url_name="repairs:repairs",
        record_url_name="repairs:order",
        rows=RepairOrder.objects.visible_to,
        whole=lambda: RepairOrder.objects.select_related(
            "unit__project", "unit__building", "unit__entrance", "org_unit", "engineer", "slot", "cause"
        ),
        search=meant_by,
        search_hint=_("Number, room, project, or words of the fault"),
        columns=(
            Column("number", pgettext_lazy("repair", "Repair"), _numbers, cells.HEADING),
            Column("part", _("Part of the home"), word_of("part", PARTS)),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("repeat", pgettext_lazy("repair", "Repeat"), _repeats, cells.BADGE),
            Column("warranty", _("Warranty"), _warranties, cells.BADGE),
            Column("engineer", pgettext_lazy("repair", "Engineer"), name_of("engineer")),
            Column("slot", pgettext_lazy("repair", "Appointment"), _slots, cells.MINUTE),
            Column("made", pgettext_lazy("repair", "Made"), value_of("created_at"), cells.AGO),
            Column(
                "contractor",
                pgettext_lazy("repair", "Contractor responsible"),
                value_of("contractor"),
                is_usual=False,
            ),
            Column("cause", _("Cause"), _causes, is_usual=False),
            Column(
                "arrived",
                pgettext_lazy("repair", "Arrived"),
                value_of("arrived_at"),
                cells.AGO,
                is_usual=False,
            ),
            Column(
                "finished",
                pgettext_lazy("repair", "Finished"),
                value_of("finished_at"),
                cells.AGO,
                is_usual=False,
            ),
            Column(
                "signed",
                pgettext_lazy("repair", "Signed off"),
                value_of("signed_at"),
                cells.AGO,
                is_usual=False,
            ),
            Column(
                "warranty_until",
                pgettext_lazy("repair", "Warranty until"),
                value_of("warranty_until_date"),
                cells.DAY,
                is_usual=False,
            ),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("part", _("Part of the home"), CHOICE, "part", PARTS, is_grouping=True),
            Filter("repeat", pgettext_lazy("repair", "Repeat"), FLAG, condition=_is_repeat),
            Filter("warranty", _("In warranty"), FLAG, "is_in_warranty"),
            Filter("engineer", pgettext_lazy("repair", "Engineer"), PERSON, "engineer"),
            Filter("slot", pgettext_lazy("repair", "Appointment"), INSTANT, "slot__starts_at"),
            Filter("contractor", pgettext_lazy("repair", "Contractor responsible"), TEXT, "contractor"),
            Filter("project", _("Project"), TEXT, "unit__project__name"),
            Filter("made", pgettext_lazy("repair", "Made"), INSTANT, "created_at"),
            Filter("finished", pgettext_lazy("repair", "Finished"), INSTANT, "finished_at"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        boards=(Board("state", ("part", "engineer", "slot", "repeat")),),
        calendars=("slot",),
        texts=lambda row: [(pgettext_lazy("repair", "What is broken"), row.fault)],
        quick=("state", "part", "repeat", "engineer"),
        presets=(
            Preset("open", pgettext_lazy("repairs", "To be booked"), {"state": "open"}),
            Preset("today", pgettext_lazy("repairs", "Today"), {"slot": "period:today"}),
            Preset("unsigned", pgettext_lazy("repairs", "Finished, not signed off"), {"state": "finished"}),
            Preset("repeats", pgettext_lazy("repairs", "Repeats"), {"repeat": "yes"}),
        ),
        emptiness=Emptiness(
            title=_("No repairs yet"),
            text=_(
                "A repair order is made from a case of the kind repair: what is broken, whether it is in warranty, who "
                "comes when, and who signed it off."
            ),
            action_label=_("Open a case"),
            action_url_name="cases:new",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
