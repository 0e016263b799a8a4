"""Words for the codes of the analysis: stages, tiers, actions, channels, and the reasons of a profile."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _

from hearth.analytics.profile_reasons import Reason
from hearth.cases.models import Case
from hearth.channels.models import Channel
from hearth.core.templatetags.ui import money
from hearth.customers.words import OWNER_STAGES, PORTFOLIO_ACTIONS, VALUE_TIERS, word

ACTIONS = PORTFOLIO_ACTIONS
ACTION_TEXTS = {
    "retain": _("Top spenders, active now. Keep them: personal care and first choice."),
    "maintain": _("Active before, much less now. Ask why, and help before they leave."),
    "activate": _("Bought once, silent for a whole period. Give them a reason to come back."),
    "acquire": _("Known, but never bought. Turn interest into a first purchase."),
    "serve": _("All is well. Good service is enough."),
}
ACTION_ICONS = {
    "retain": "crown",
    "maintain": "trending-down",
    "activate": "bolt",
    "acquire": "user-plus",
    "serve": "heart-handshake",
}
ACTION_COLOURS = {
    "retain": "yellow",
    "maintain": "orange",
    "activate": "azure",
    "acquire": "green",
    "serve": "secondary",
}
ALL_CHANNELS = gettext_lazy("all channels")
Parameters = Mapping[str, Any]


def stage_word(code: str) -> str:
    return word(OWNER_STAGES, code)


def tier_word(code: str) -> str:
    return word(VALUE_TIERS, code)


def action_word(code: str) -> str:
    return word(ACTIONS, code)


def channel_word(code: str) -> str:
    words = {str(value): label for value, label in Channel.choices}
    return str(ALL_CHANNELS) if code == "all" else str(words.get(code, code))


def sentence(reason: Reason) -> str:
    """Put a code of `analytics.profile_reasons` and its parameters into a sentence."""
    code, found = reason
    writer = SENTENCES.get(code)
    return writer(found) if writer else code


def _last_purchase(found: Parameters) -> str:
    days = found["days"]
    return ngettext("The last purchase was %(n)d day ago.", "The last purchase was %(n)d days ago.", days) % {
        "n": days
    }


def _last_contact(found: Parameters) -> str:
    days = found["days"]
    return ngettext("The last contact was %(n)d day ago.", "The last contact was %(n)d days ago.", days) % {
        "n": days
    }


def _purchases(found: Parameters) -> str:
    count = found["count"]
    text = ngettext(
        "%(n)d purchase in the last %(days)d days: contracts signed and paid services.",
        "%(n)d purchases in the last %(days)d days: contracts signed and paid services.",
        count,
    )
    return text % {"n": count, "days": found["days"]}


def _amount(found: Parameters) -> str:
    text = gettext("%(amount)s in the last %(days)d days, refunds taken off.")
    return text % {"amount": money(found["amount"]), "days": found["days"]}


def _complaints(found: Parameters) -> str:
    kinds = {str(value): str(label) for value, label in Case.Kind.choices}
    text = ngettext(
        "%(n)d open case of these kinds: %(kinds)s.",
        "%(n)d open cases of these kinds: %(kinds)s.",
        found["count"],
    )
    return text % {"n": found["count"], "kinds": ", ".join(kinds.get(kind, kind) for kind in found["kinds"])}


def _homes(found: Parameters) -> str:
    text = ngettext("%(n)d home is held today.", "%(n)d homes are held today.", found["count"])
    return text % {"n": found["count"]}


def _contacts(found: Parameters) -> str:
    text = ngettext(
        "%(channel)s: %(n)d contact in the last %(days)d days.",
        "%(channel)s: %(n)d contacts in the last %(days)d days.",
        found["count"],
    )
    return text % {"channel": channel_word(found["channel"]), "n": found["count"], "days": found["days"]}


def _signed(found: Parameters) -> str:
    return gettext("Signed on %(day)s, not yet handed over; %(bounds)s.") % _stage(found)


def _handed_over(found: Parameters) -> str:
    return gettext("Handed over on %(day)s; %(bounds)s.") % _stage(found)


def _stage(found: Parameters) -> dict[str, str]:
    day = found["date"]
    bounds = {"low": found["min_days"], "high": found["max_days"]}
    if found["max_days"] is None:
        text = gettext("the stage lasts from day %(low)d without an end")
    else:
        text = gettext("the stage lasts from day %(low)d to day %(high)d")
    return {"day": day.isoformat() if isinstance(day, date) else str(day), "bounds": text % bounds}


def _above_cut(found: Parameters) -> str:
    text = gettext("%(amount)s in %(days)d days lies above %(cut)s, where this tier begins.")
    return text % {"amount": money(found["amount"]), "days": found["days"], "cut": money(found["cut"])}


def _up_to_cut(found: Parameters) -> str:
    if found["cut"] is None:
        return gettext("%(amount)s in %(days)d days; at the last computation nobody had bought.") % {
            "amount": money(found["amount"]),
            "days": found["days"],
        }
    text = gettext("%(amount)s in %(days)d days reaches no higher tier; the next begins above %(cut)s.")
    return text % {"amount": money(found["amount"]), "days": found["days"], "cut": money(found["cut"])}


def _activity(found: Parameters) -> dict[str, Any]:
    is_amount = found["measure"] == "amount"
    return {
        "now": money(found["now"]) if is_amount else found["now"],
        "before": money(found["before"]) if is_amount else found["before"],
        "days": found["days"],
    }


def _silent(found: Parameters) -> str:
    text = gettext("Nothing bought and no own contact in the last %(days)d days; %(before)s before that.")
    return text % _activity(found)


def _fell(found: Parameters) -> str:
    text = gettext("%(now)s in the last %(days)d days, against %(before)s in the %(days)d days before.")
    return text % _activity(found)


def _steady(found: Parameters) -> str:
    text = gettext(
        "%(now)s purchases and own contacts in %(days)d days, %(before)s in the %(days)d days before."
    )
    return text % _activity(found)


def _bought_nothing(found: Parameters) -> str:
    return gettext("Nothing bought in the last %(days)d days.") % {"days": found["days"]}


def _retained(found: Parameters) -> str:
    return gettext("Active, and in the tier “%(tier)s”, which is retained.") % {
        "tier": tier_word(found["value_class"])
    }


def _plain(text: Any) -> Callable[[Parameters], str]:
    return lambda _found: str(text)


SENTENCES: Mapping[str, Callable[[Parameters], str]] = {
    "last_purchase": _last_purchase,
    "never_bought": _plain(_("Never bought here.")),
    "last_contact": _last_contact,
    "never_in_contact": _plain(_("No contact was ever noted.")),
    "purchases_in_window": _purchases,
    "amount_in_window": _amount,
    "complaints_open": _complaints,
    "homes_held": _homes,
    "contacts_in_window": _contacts,
    "no_home_signed": _plain(_("No home is signed or handed over.")),
    "days_since_signed_date": _signed,
    "days_since_handover_date": _handed_over,
    "never_met": _plain(_("Never bought, and neither a contact nor a case is recorded.")),
    "met_never_bought": _plain(_("In contact with us, never bought.")),
    "amount_above_cut": _above_cut,
    "amount_up_to_cut": _up_to_cut,
    "nothing_bought_in_window": _bought_nothing,
    "in_retained_tier": _retained,
    "no_activity_in_period": _silent,
    "fell_against_previous_period": _fell,
    "no_action_needed": _steady,
}


def in_order(codes: Sequence[str], found: Mapping[str, Any]) -> list[str]:
    """List the codes that are known in their order, and after them any others that occur."""
    return [*codes, *sorted(set(found) - set(codes))]
