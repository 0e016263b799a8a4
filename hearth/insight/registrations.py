"""What analysis offers to the rail, the settings and the timeline."""

from django.utils.translation import gettext_lazy as _

from hearth.audit.coverage import leave_unwatched
from hearth.core.navigation import Place, Section, register_place
from hearth.customers.permissions import MERGE_CUSTOMER
from hearth.insight import rules  # noqa: F401  (declares its setting)
from hearth.insight.models import DuplicateSearch, ProfileCount, ScoringRun
from hearth.insight.permissions import RUN_INSIGHT, VIEW_INSIGHT

register_place(
    Place(
        label=_("Analysis"),
        icon="chart-dots",
        url_name="insight:overview",
        permission=VIEW_INSIGHT,
        order=30,
        section=Section.ACTION,
        shortcut="a",
    )
)
register_place(
    Place(
        _("Customers by profile"),
        "users",
        "insight:customers",
        VIEW_INSIGHT,
        order=31,
        section=Section.ACTION,
        is_in_rail=False,
    )
)
register_place(
    Place(
        _("Rounds"),
        "repeat",
        "insight:rounds",
        VIEW_INSIGHT,
        order=32,
        section=Section.ACTION,
        is_in_rail=False,
    )
)
register_place(
    Place(
        _("Computations"),
        "history",
        "insight:runs",
        VIEW_INSIGHT,
        order=33,
        section=Section.ACTION,
        is_in_rail=False,
    )
)
register_place(
    Place(
        _("Search for duplicates"),
        "zoom-in",
        "insight:duplicates",
        MERGE_CUSTOMER,
        order=34,
        section=Section.ACTION,
        is_in_rail=False,
    )
)
register_place(
    Place(
        _("Round"),
        "repeat",
        "insight:new_round",
        RUN_INSIGHT,
        order=32,
        section=Section.ACTION,
        is_creation=True,
        is_in_rail=False,
    )
)

for derived in (ScoringRun, ProfileCount, DuplicateSearch):
    leave_unwatched(derived, because="Computed from the record; nobody enters it.")
