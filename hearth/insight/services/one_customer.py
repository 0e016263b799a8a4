"""Computing the profile of one customer at once, from the records of this moment."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.customers.models import Customer, CustomerProfile
from hearth.customers.services import write_profiles
from hearth.insight.expression import TABLES, profile_expression
from hearth.insight.models import ScoringRun
from hearth.insight.permissions import RUN_INSIGHT
from hearth.insight.profile_rows import needed_columns, values_of_row
from hearth.insight.rules import read_rules
from hearth.insight.selectors.runs import latest_run
from hearth.segments.postgres import run_on_postgres

# Above any amount a profile can hold: where nobody has bought yet, no tier begins.
NO_CUT = 1e15


class NotScoredYet(DomainError):
    """Nobody has a profile before the first run: there are no cut points to place one customer by."""

    code = "not_scored_yet"
    message = _("The profiles were not computed yet. Start the first computation.")


class CustomerUnknown(DomainError):
    """The customer is no longer there."""

    code = "customer_unknown"
    message = _("This customer is no longer there.")


class ProfilingRefused(DomainError):
    """Nothing is computed of who refused it."""

    code = "profiling_refused"
    message = _("This customer refuses profiling, or is restricted: nothing is computed of them.")


def score_customer(customer: Customer, *, actor: Actor, now: datetime) -> CustomerProfile:
    """Compute one customer's profile as of now, with the rules and cut points of the last run, and keep it.

    The same expression as the run's, on PostgreSQL over the customer's own rows. May be repeated.

    :raises NotAllowed: if the actor may not run scoring
    :raises NotScoredYet: if no run has finished
    :raises ProfilingRefused: if the customer refuses it, or is restricted
    :raises CustomerUnknown: if the customer was removed meanwhile
    """
    actor.require(RUN_INSIGHT)
    if not Customer.objects.filter(pk=customer.pk).profiled().exists():
        raise ProfilingRefused if Customer.objects.filter(pk=customer.pk).exists() else CustomerUnknown
    run = latest_run()
    if run is None:
        raise NotScoredYet
    rules = read_rules(run.rules)
    expression = profile_expression(as_of=now, rules=rules, value_cuts=_cuts(run))
    rows = run_on_postgres(expression.select(*needed_columns(rules)), TABLES, [customer.pk])
    if not rows:
        raise CustomerUnknown
    write_profiles([values_of_row(rows[0], rules)], now=now, run_id=run.pk)
    return CustomerProfile.objects.get(pk=customer.pk)


def _cuts(run: ScoringRun) -> dict[str, float]:
    tiers = [tier["label"] for tier in run.rules["tiers"]]
    cuts = {tier: run.cut_points.get(tier) for tier in tiers}
    return {tier: NO_CUT if cut is None else cut for tier, cut in cuts.items()}
