"""The page that says why a profile says what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hearth.core.templatetags.ui import money
from hearth.customers.models import Customer, CustomerProfile
from hearth.insight import words
from hearth.insight.models import ScoringRun
from hearth.insight.profile_rows import reasons
from hearth.insight.rules import read_rules


@dataclass(frozen=True)
class Explained:
    """One value, by the column that holds it, and the sentence that says from what it was computed."""

    code: str
    label: str
    value: str
    why: str


@dataclass(frozen=True)
class ContactRow:
    """Contacts by one channel in each window."""

    channel: str
    counts: Sequence[int]


@dataclass(frozen=True)
class ProfilePage:
    """A customer's profile in words; `profile` is None before the first computation."""

    customer: Customer
    profile: CustomerProfile | None
    run: ScoringRun | None
    classes: Sequence[Explained]
    facts: Sequence[Explained]
    contact_days: Sequence[int]
    contacts: Sequence[ContactRow]

    @property
    def scored_at(self) -> datetime | None:
        return self.profile.scored_at if self.profile else None


def profile_page(customer: Customer) -> ProfilePage:
    """Explain the profile of a customer; two queries."""
    profile = CustomerProfile.objects.filter(customer=customer).first()
    run = ScoringRun.objects.filter(pk=profile.run_id).first() if profile and profile.run_id else None
    if profile is None or run is None:
        return ProfilePage(customer, profile, run, (), (), (), ())
    rules = read_rules(run.rules)
    why = {name: words.sentence(reason) for name, reason in reasons(profile, run, rules).items()}
    classes = [
        Explained("owner_stage", _("Owner stage"), words.stage_word(profile.owner_stage), why["owner_stage"]),
        Explained("value_tier", _("Value tier"), words.tier_word(profile.value_tier), why["value_class"]),
        Explained(
            "portfolio_action",
            _("What to do"),
            words.action_word(profile.portfolio_action),
            why["portfolio_action"],
        ),
    ]
    contacts = [
        ContactRow(
            words.channel_word(channel),
            [profile.contacts.get(f"{channel}_{days}", 0) for days in rules.contact_days],
        )
        for channel in (*rules.channels, "all")
    ]
    return ProfilePage(customer, profile, run, classes, _facts(profile, why), rules.contact_days, contacts)


def _facts(profile: CustomerProfile, why: dict[str, str]) -> list[Explained]:
    return [
        Explained(code, label, value, why[reason])
        for code, label, value, reason in (
            (
                "recency_days",
                _("Days since last contact"),
                _number(profile.recency_days),
                "days_since_contact",
            ),
            (
                "purchase_recency_days",
                _("Days since last purchase"),
                _number(profile.purchase_recency_days),
                "recency_days",
            ),
            ("frequency", _("Purchases"), _number(profile.frequency), "frequency"),
            ("monetary_amount", _("Spent"), money(profile.monetary_amount), "monetary_amount"),
            ("open_complaints", _("Open complaints"), _number(profile.open_complaints), "open_complaints"),
            ("homes", _("Homes"), _number(profile.homes), "homes"),
        )
    ]


def _number(value: int | None) -> str:
    return "—" if value is None else f"{value:,}"
