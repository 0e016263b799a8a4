"""Which computations there were."""

from hearth.insight.models import ScoringRun


def latest_run() -> ScoringRun | None:
    """Return the newest finished run; one query."""
    return ScoringRun.objects.done().select_related("snapshot").order_by("-as_of_at", "-id").first()


def unfinished_run() -> ScoringRun | None:
    """Return the run that waits or computes; one query."""
    return ScoringRun.objects.unfinished().newest_first().first()
