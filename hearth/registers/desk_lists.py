"""The lists of impact assessments, processors and compliance audits."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hearth.lists import cells
from hearth.lists.cells import Badge, Heading
from hearth.lists.columns import badge_of, name_of, value_of, word_of
from hearth.lists.definitions import (
    Batch,
    Column,
    Emptiness,
    ListDefinition,
    Order,
    Preset,
    register_list,
)
from hearth.lists.filters import CHOICE, DAY, PERSON, PLACE, Filter
from hearth.registers.models import Assessment, ComplianceAudit, Processor
from hearth.registers.permissions import VIEW_REGISTER

STATES, RISKS = Assessment.State.choices, [each for each in Assessment.Risk.choices if each[0]]
ROLES = Processor.Role.choices
STATE_COLOURS = {"draft": "blue", "submitted": "orange", "approved": "green", "replaced": "secondary"}
RISK_COLOURS = {"low": "green", "medium": "orange", "high": "red"}


def _assessments(batch: Batch[Assessment]) -> Sequence[Heading]:
    return [Heading(f"#{row.number}.{row.version} {row.name}", icon="shield-check") for row in batch.rows]


def _triggers(batch: Batch[Assessment]) -> Sequence[Sequence[str]]:
    return [[str(label) for label in row.trigger_labels] for row in batch.rows]


ASSESSMENTS = register_list(
    ListDefinition(
        key="assessments",
        label=_("Impact assessments"),
        icon="shield-check",
        permission=VIEW_REGISTER,
        url_name="registers:assessments",
        record_url_name="registers:assessment",
        rows=Assessment.objects.visible_to,
        whole=lambda: Assessment.objects.select_related("org_unit", "owner", "approved_by"),
        search=lambda text: Q(name__icontains=text),
        search_hint=_("Name"),
        columns=(
            Column("assessment", pgettext_lazy("assessment", "Assessment"), _assessments, cells.HEADING),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column(
                "risk",
                pgettext_lazy("assessment", "Risk"),
                badge_of("risk", RISKS, RISK_COLOURS),
                cells.BADGE,
            ),
            Column("triggers", pgettext_lazy("assessment", "Triggers"), _triggers, cells.NAMES),
            Column("review", pgettext_lazy("assessment", "Next review"), value_of("review_date"), cells.DAY),
            Column("owner", pgettext_lazy("assessment", "Who reviews it"), name_of("owner")),
            Column("approver", pgettext_lazy("assessment", "Approved by"), name_of("approved_by")),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("risk", pgettext_lazy("assessment", "Risk"), CHOICE, "risk", RISKS, is_grouping=True),
            Filter("review", pgettext_lazy("assessment", "Next review"), DAY, "review_date"),
            Filter("owner", pgettext_lazy("assessment", "Who reviews it"), PERSON, "owner"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        calendars=("review",),
        quick=("state", "risk", "review"),
        presets=(
            Preset("current", pgettext_lazy("assessments", "Current"), {"state": "draft,submitted,approved"}),
            Preset("second", _("Waits for a second person"), {"state": "submitted"}),
        ),
        emptiness=Emptiness(
            title=_("No impact assessment yet"),
            text=_(
                "Before sensitive data are handled, decisions are automated, or data are entrusted, given, published "
                "or sent abroad, the law asks for an assessment. It stands here, every version of it."
            ),
            action_label=_("Begin an assessment"),
            action_url_name="registers:new_assessment",
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)


def _companies(batch: Batch[Processor]) -> Sequence[Heading]:
    return [Heading(row.name, icon="building") for row in batch.rows]


def contract_badge(row: Processor) -> Badge | None:
    """Say whether the work has ended, or the contract has run out."""
    if row.ended_date:
        return Badge(gettext("ended"), "secondary")
    return Badge(gettext("contract has run out"), "red") if row.lateness(localdate()) else None


def _contracts(batch: Batch[Processor]) -> Sequence[Badge | None]:
    return [contract_badge(row) for row in batch.rows]


PROCESSORS = register_list(
    ListDefinition(
        key="processors",
        label=_("Processors and receivers"),
        icon="building",
        permission=VIEW_REGISTER,
        url_name="registers:processors",
        record_url_name="registers:processor",
        rows=Processor.objects.visible_to,
        whole=lambda: Processor.objects.select_related("org_unit", "owner", "assessment"),
        search=lambda text: Q(name__icontains=text),
        search_hint=_("Name"),
        columns=(
            Column("company", pgettext_lazy("processor", "Company"), _companies, cells.HEADING),
            Column("role", pgettext_lazy("processor", "Role"), word_of("role", ROLES)),
            Column("purpose", pgettext_lazy("processor", "Purpose"), value_of("purpose"), cells.WORDS),
            Column(
                "to",
                pgettext_lazy("processor", "Contract to"),
                value_of("contract_end_date"),
                cells.DAY,
                order="to",
            ),
            Column("standing", pgettext_lazy("processor", "Standing"), _contracts, cells.BADGE),
            Column("assessment", pgettext_lazy("processor", "Impact assessment"), name_of("assessment")),
            Column("owner", pgettext_lazy("processor", "Who answers for it"), name_of("owner")),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("role", pgettext_lazy("processor", "Role"), CHOICE, "role", ROLES, is_grouping=True),
            Filter("to", pgettext_lazy("processor", "Contract to"), DAY, "contract_end_date"),
            Filter("ended", pgettext_lazy("processor", "Ended"), DAY, "ended_date"),
            Filter("owner", pgettext_lazy("processor", "Who answers for it"), PERSON, "owner"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(
            Order("to", pgettext_lazy("processor", "Contract to"), "contract_end_date"),
            Order("newest", _("Newest"), "-id"),
        ),
        calendars=("to",),
        quick=("role", "to"),
        emptiness=Emptiness(
            title=_("No processor yet"),
            text=_(
                "Whoever outside gets personal data from us stands here: what for, which, and until when."
            ),
            action_label=_("Add a company"),
            action_url_name="registers:new_processor",
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)


def _audits(batch: Batch[ComplianceAudit]) -> Sequence[Heading]:
    return [Heading(row.subject, icon="checks") for row in batch.rows]


def _numbers(batch: Batch[ComplianceAudit]) -> Sequence[int]:
    return [len(row.finding_lines) for row in batch.rows]


AUDITS = register_list(
    ListDefinition(
        key="compliance_audits",
        label=_("Compliance audits"),
        icon="checks",
        permission=VIEW_REGISTER,
        url_name="registers:audits",
        record_url_name="registers:audit",
        rows=ComplianceAudit.objects.visible_to,
        whole=lambda: ComplianceAudit.objects.select_related("org_unit", "user"),
        columns=(
            Column("audit", pgettext_lazy("compliance audit", "What was audited"), _audits, cells.HEADING),
            Column(
                "done",
                pgettext_lazy("compliance audit", "Finished"),
                value_of("done_date"),
                cells.DAY,
                order="done",
            ),
            Column("auditor", pgettext_lazy("compliance audit", "Who audited"), value_of("auditor")),
            Column("findings", pgettext_lazy("compliance audit", "Findings"), _numbers, cells.NUMBER),
            Column("place", _("Place"), name_of("org_unit")),
        ),
        filters=(
            Filter("done", pgettext_lazy("compliance audit", "Finished"), DAY, "done_date"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(
            Order("done", pgettext_lazy("compliance audit", "Finished"), "-done_date"),
            Order("newest", _("Newest"), "-id"),
        ),
        quick=("done",),
        emptiness=Emptiness(
            title=_("No audit on record yet"),
            text=_("The law asks for regular audits of how personal data are handled. Each one stands here."),
            action_label=_("Put an audit on record"),
            action_url_name="registers:new_audit",
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
