"""The lists of texts and of templates."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.contract_texts.models import ContractTemplate, ContractText
from hearth.contract_texts.models.templates import TextKind
from hearth.contract_texts.permissions import VIEW_TEXT
from hearth.lists import cells
from hearth.lists.cells import Heading
from hearth.lists.columns import badge_of, name_of, value_of, word_of
from hearth.lists.definitions import Batch, Column, Emptiness, ListDefinition, Order, Preset, register_list
from hearth.lists.filters import CHOICE, INSTANT, PERSON, PLACE, TEXT, Filter

KINDS, STATES = TextKind.choices, ContractText.State.choices
STATE_COLOURS = {
    "draft": "blue",
    "submitted": "orange",
    "approved": "azure",
    "given": "purple",
    "signed": "green",
}
TEMPLATE_STATES = ContractTemplate.State.choices
TEMPLATE_COLOURS = {"draft": "blue", "submitted": "orange", "approved": "green"}


def _texts(batch: Batch[ContractText]) -> Sequence[Heading]:
    return [Heading(row.contract.number, str(row), icon="file-text") for row in batch.rows]


def _homes(batch: Batch[ContractText]) -> Sequence[str]:
    return [row.contract.unit.address for row in batch.rows]


def _templates(batch: Batch[ContractTemplate]) -> Sequence[Heading]:
    return [
        Heading(str(row), row.project.name if row.project else str(row.org_unit), icon="template")
        for row in batch.rows
    ]


TEXTS = register_list(
    ListDefinition(
        key="contract_texts",
        label=_("Texts of contracts"),
        icon="file-text",
        permission=VIEW_TEXT,
        url_name="contract_texts:texts",
        record_url_name="contract_texts:text",
        rows=ContractText.objects.visible_to,
        whole=lambda: ContractText.objects.select_related(
            "org_unit",
            "author",
            "contract__unit__project",
            "contract__unit__building",
            "contract__unit__entrance",
        ),
        search=lambda text: Q(contract__number__startswith=text) | Q(check_code=text.upper()),
        search_hint=_("Contract number or check code"),
        columns=(
            Column("text", pgettext_lazy("text of a contract", "Text"), _texts, cells.HEADING),
            Column("home", _("Home"), _homes),
            Column("kind", _("Kind"), word_of("kind", KINDS)),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("version", _("Version"), value_of("version"), cells.NUMBER),
            Column("given", pgettext_lazy("text of a contract", "Given"), value_of("given_at"), cells.AGO),
            Column(
                "signed", pgettext_lazy("text of a contract", "Signed"), value_of("signed_date"), cells.DAY
            ),
            Column("author", pgettext_lazy("text of a contract", "Drafted by"), name_of("author")),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("kind", _("Kind"), CHOICE, "kind", KINDS, is_grouping=True),
            Filter("project", _("Project"), TEXT, "contract__unit__project__name"),
            Filter("author", pgettext_lazy("text of a contract", "Drafted by"), PERSON, "author"),
            Filter("given", pgettext_lazy("text of a contract", "Given"), INSTANT, "given_at"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        quick=("state", "kind", "project"),
        presets=(
            Preset("second", _("Waits for a second person"), {"state": "submitted"}),
            Preset("given", pgettext_lazy("texts of contracts", "With the buyer"), {"state": "given"}),
        ),
        emptiness=Emptiness(
            title=_("No text of a contract yet"),
            text=_(
                "The text is drafted on the page of a contract from the template in force, checked clause by clause, "
                "and read by every buyer before it is signed."
            ),
            action_label=_("Contracts"),
            action_url_name="sales:contracts",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
TEMPLATES = register_list(
    ListDefinition(
        key="contract_templates",
        label=_("Templates of contracts"),
        icon="template",
        permission=VIEW_TEXT,
        url_name="contract_texts:templates",
        record_url_name="contract_texts:template",
        rows=ContractTemplate.objects.visible_to,
        whole=lambda: ContractTemplate.objects.select_related("project", "org_unit", "approved_by"),
        search=lambda text: Q(title__icontains=text) | Q(project__name__icontains=text),
        search_hint=_("Title or project"),
        columns=(
            Column(
                "template", pgettext_lazy("template of a contract", "Template"), _templates, cells.HEADING
            ),
            Column("kind", _("Kind"), word_of("kind", KINDS)),
            Column("state", _("State"), badge_of("state", TEMPLATE_STATES, TEMPLATE_COLOURS), cells.BADGE),
            Column("version", _("Version"), value_of("version"), cells.NUMBER),
            Column(
                "in_force",
                pgettext_lazy("template of a contract", "In force from"),
                value_of("in_force_date"),
                cells.DAY,
            ),
            Column(
                "approver", pgettext_lazy("template of a contract", "Approved by"), name_of("approved_by")
            ),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", TEMPLATE_STATES, is_grouping=True),
            Filter("kind", _("Kind"), CHOICE, "kind", KINDS, is_grouping=True),
            Filter("project", _("Project"), TEXT, "project__name"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        quick=("state", "kind", "project"),
        emptiness=Emptiness(
            title=_("No template of a contract yet"),
            text=_(
                "A template is written clause by clause, says which clauses stay word for word, and holds once a "
                "second person has approved it."
            ),
            action_label=_("Begin a template"),
            action_url_name="contract_texts:new_template",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
