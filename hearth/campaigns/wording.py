"""The verdict on an arm, in words a manager acts on."""

from django.utils.translation import gettext

from hearth.analytics.verdicts import Verdict
from hearth.campaigns.models import Campaign
from hearth.campaigns.selectors.report import ArmReport


def verdict_sentence(campaign: Campaign, arm: ArmReport) -> str:
    """Say what was proven about an arm on the main outcome, and what was not."""
    comparison = arm.results[campaign.main_outcome].comparison
    if arm.treatment.is_control or arm.verdict is None or comparison is None:
        return ""
    words = {
        "arm": arm.treatment.name,
        "outcome": campaign.get_main_outcome_display(),
        "difference": f"{abs(comparison.difference) * 100:.2f}",
        "low": f"{comparison.low * 100:+.2f}",
        "high": f"{comparison.high * 100:+.2f}",
        "planned": f"{campaign.planned_lift:g}",
        "detectable": f"{(arm.detectable or 0) * 100:.2f}",
    }
    return _sentence(arm.verdict) % words


def _sentence(verdict: Verdict) -> str:
    if verdict == Verdict.PROVEN_BETTER:
        return gettext(
            "“%(arm)s” works: %(outcome)s is %(difference)s percentage points higher than in the control group"
            " (95 %% interval %(low)s to %(high)s). This is proven."
        )
    if verdict == Verdict.PROVEN_WORSE:
        return gettext(
            "“%(arm)s” does harm: %(outcome)s is %(difference)s percentage points lower than in the control group"
            " (95 %% interval %(low)s to %(high)s). This is proven."
        )
    if verdict == Verdict.TOO_SMALL:
        return gettext(
            "“%(arm)s” cannot be judged: with this many customers only %(detectable)s points or more would have"
            " shown, and %(planned)s were hoped for. Nothing is proven, neither success nor failure."
        )
    if verdict == Verdict.INVALID_RATIO:
        return gettext(
            "“%(arm)s” cannot be judged: the arms have other sizes than planned, so something went wrong when"
            " they were drawn or recorded. Find out what before reading any figure."
        )
    return gettext(
        "“%(arm)s”: no effect is proven. Had it been %(planned)s points as hoped, this campaign would probably"
        " have shown it. That is a result: do not roll it out."
    )
