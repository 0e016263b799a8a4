"""What analysis offers to the rail, the settings and the timeline."""

from django.utils.translation import gettext_lazy as _

from hearth.audit.coverage import leave_unwatched
from hearth.core.navigation import Place, Section, register_place
from hearth.core.profiling import Score, no_score, register_score, traces_of_scores
from hearth.customers.models import CustomerProfile
from hearth.customers.permissions import MERGE_CUSTOMER
from hearth.customers.services import forget_last_profiles, forget_profiles
from hearth.insight import rules  # noqa: F401  (declares its setting)
from hearth.insight.explaining import explain_profile
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

register_score(
    Score(
        code="insight.profile",
        label=_("Profile of the customer"),
        columns=tuple(
            f"customers.CustomerProfile.{field.name}"
            for field in CustomerProfile._meta.local_fields
            if field.name not in {"customer", "scored_at", "run_id"}
        ),
        table="customer_profiles",
        forget=forget_profiles,
        explain=explain_profile,
    )
)
no_score(
    "customers.CustomerProfile.scored_at",
    "customers.CustomerProfile.run_id",
    because="Which computation it was; it goes with the row.",
)
traces_of_scores.register("insight.profiles", forget_last_profiles)

for derived in (ScoringRun, ProfileCount, DuplicateSearch):
    leave_unwatched(derived, because="Computed from the record; nobody enters it.")
