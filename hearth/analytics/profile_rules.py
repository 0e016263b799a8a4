"""The rules of the customer profile: data that a company may change, with usable defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Anchor(StrEnum):
    """The date from which an owner stage counts.

    SIGNED_DATE speaks of homes signed and not yet handed over, HANDOVER_DATE of those handed over.
    """

    SIGNED_DATE = "signed_date"
    HANDOVER_DATE = "handover_date"


class ValueClass(StrEnum):
    """The classes of the value pyramid below the ranked tiers, whose labels are data."""

    INACTIVE = "inactive"
    PROSPECT = "prospect"
    SUSPECT = "suspect"


class PortfolioAction(StrEnum):
    """What the portfolio asks to do with a customer."""

    ACQUIRE = "acquire"
    ACTIVATE = "activate"
    RETAIN = "retain"
    MAINTAIN = "maintain"
    SERVE = "serve"


class FallMeasure(StrEnum):
    """What must have fallen for a customer to be maintained."""

    ACTIVITIES = "activities"
    AMOUNT = "amount"


@dataclass(frozen=True)
class StageRule:
    """An owner stage: `label` holds from `min_days` to `max_days` after the anchor, both included.

    `max_days` None has no end.
    """

    label: str
    anchor: Anchor
    min_days: int = 0
    max_days: int | None = None


@dataclass(frozen=True)
class ValueTier:
    """A tier of the value pyramid and the share of ranked customers it takes, best tier first."""

    label: str
    share: Decimal


FOUR_STAGES = (
    StageRule("pre_owner", Anchor.SIGNED_DATE),
    StageRule("settling_in_owner", Anchor.HANDOVER_DATE, 0, 365),
    StageRule("stable_owner", Anchor.HANDOVER_DATE, 366, 730),
    StageRule("long_term_owner", Anchor.HANDOVER_DATE, 731, None),
)
CURRY_TIERS = (
    ValueTier("top", Decimal("0.01")),
    ValueTier("large", Decimal("0.04")),
    ValueTier("medium", Decimal("0.15")),
)


@dataclass(frozen=True)
class ProfileRules:
    """Everything about the profile that a company decides.

    `stages`: where a customer's homes are in different stages, the stage listed first holds.
    `value_days`: the window of frequency, amount and the pyramid. `activity_days`: the current period
    of activity, and the length of the previous one it is compared with. `active_channels`: contacts
    that show the customer's own activity, not the company's. A customer has fallen if the previous
    period had at least `fall_minimum` (activities, or yuan) and the current one at most
    1 − `fall_share` of it.
    """

    stages: tuple[StageRule, ...] = FOUR_STAGES
    stage_otherwise: str = "prospect"
    tiers: tuple[ValueTier, ...] = CURRY_TIERS
    rest_tier: str = "small"
    retain_tiers: tuple[str, ...] = ("top", "large")
    value_days: int = 1095
    activity_days: int = 365
    fall_measure: FallMeasure = FallMeasure.ACTIVITIES
    fall_share: Decimal = Decimal("0.5")
    fall_minimum: int = 3
    channels: tuple[str, ...] = ("phone", "visit", "sms", "email", "wechat", "forum", "web")
    active_channels: tuple[str, ...] = ("phone", "visit", "wechat", "forum", "web")
    contact_days: tuple[int, ...] = (30, 90, 365)
    complaint_kinds: tuple[str, ...] = field(default=("complaint",))

    def __post_init__(self) -> None:
        """Refuse rules under which a customer would have no class, or two."""
        _require_stages_without_gaps(self.stages)
        _require_tiers(self)
        if min(self.value_days, self.activity_days, *self.contact_days) < 1:
            raise ValueError("windows last at least a day")
        if not 0 < self.fall_share <= 1 or self.fall_minimum < 1:
            raise ValueError("a fall is a share of 0 to 1 of at least 1")

    @property
    def value_labels(self) -> tuple[str, ...]:
        """Every value class, best first."""
        return (*(tier.label for tier in self.tiers), self.rest_tier, *(each.value for each in ValueClass))

    @property
    def stage_labels(self) -> tuple[str, ...]:
        """Every owner stage, in the order in which one holds before another."""
        return (*dict.fromkeys(rule.label for rule in self.stages), self.stage_otherwise)

    @property
    def tier_bounds(self) -> tuple[tuple[str, float], ...]:
        """For each ranked tier, the quantile above which it begins: .99, .95, .80 by default."""
        bounds, above = [], Decimal(0)
        for tier in self.tiers:
            above += tier.share
            bounds.append((tier.label, float(1 - above)))
        return tuple(bounds)

    def to_json(self) -> dict[str, Any]:
        """Give values that JSON can hold; decimals are strings."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ProfileRules:
        """Read what `to_json` gave; what is absent has its default.

        :raises ValueError: if a name is unknown or the rules contradict themselves
        """
        unknown = set(stored) - {each.name for each in fields(cls)}
        if unknown:
            raise ValueError(f"unknown rules: {sorted(unknown)}")
        return cls(**{name: _read(name, value) for name, value in stored.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def _read(name: str, value: Any) -> Any:
    if name == "stages":
        return tuple(StageRule(**{**each, "anchor": Anchor(each["anchor"])}) for each in value)
    if name == "tiers":
        return tuple(ValueTier(each["label"], Decimal(each["share"])) for each in value)
    if name == "fall_measure":
        return FallMeasure(value)
    if name == "fall_share":
        return Decimal(value)
    return tuple(value) if isinstance(value, list) else value


def _require_stages_without_gaps(stages: tuple[StageRule, ...]) -> None:
    for anchor in Anchor:
        rules = sorted((rule for rule in stages if rule.anchor == anchor), key=lambda rule: rule.min_days)
        expected: int | None = 0
        for rule in rules:
            if rule.min_days != expected:
                raise ValueError(f"stages after {anchor.value} leave a gap or overlap at {rule.label}")
            expected = None if rule.max_days is None else rule.max_days + 1
        if expected is not None:
            raise ValueError(f"stages after {anchor.value} need one without an end")


def _require_tiers(rules: ProfileRules) -> None:
    labels = [*(tier.label for tier in rules.tiers), rules.rest_tier]
    if not rules.tiers or len(set(labels) | set(ValueClass)) != len(labels) + len(ValueClass):
        raise ValueError("tiers have labels of their own")
    if any(tier.share <= 0 for tier in rules.tiers) or sum(tier.share for tier in rules.tiers) >= 1:
        raise ValueError("tiers take shares above 0 and leave some for the rest")
    if set(rules.retain_tiers) - set(labels):
        raise ValueError("only ranked customers are retained")
