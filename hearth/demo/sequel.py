"""What follows the loading: a snapshot and the scores, from which pages of analysis live."""

from contextlib import suppress
from datetime import datetime

from hearth.core.actor import Actor
from hearth.insight.services import ScoringRunning, start_scoring


def start_analysis(*, actor: Actor, now: datetime) -> None:
    """Queue the computation of all profiles, which takes the snapshot it needs; one that runs is left alone."""
    with suppress(ScoringRunning):
        start_scoring(actor=actor, now=now)
