"""Scoring on request and by the clock."""

from django.utils import timezone

from hearth.core.actor import Actor
from hearth.core.jobs import job, periodic
from hearth.insight.models import DuplicateSearch, ScoringRun
from hearth.insight.services import fill_run, fill_search, find_duplicates, score_all


@job("insight.score", queue="warehouse", retry=False)
def score(*, run_id: str) -> None:
    """Compute a run that somebody asked for; nothing is left to do when it was done before."""
    run = ScoringRun.objects.unfinished().select_related("snapshot").filter(pk=run_id).first()
    if run:
        fill_run(run, actor=Actor.system("insight"), now=timezone.now())


@periodic("insight.nightly_scoring", cron="10 19 * * *", queue="warehouse")
def score_nightly(timestamp: int) -> None:
    """Compute all profiles at ten past three in Shanghai, after the night's snapshot."""
    score_all(actor=Actor.system("insight"), now=timezone.now())


@job("insight.search_duplicates", queue="warehouse", retry=False)
def search_duplicates(*, search_id: str) -> None:
    """Do a search that somebody asked for; nothing is left to do when it was done before."""
    search = DuplicateSearch.objects.unfinished().filter(pk=search_id).first()
    if search:
        fill_search(search, actor=Actor.system("insight"), now=timezone.now())


@periodic("insight.nightly_duplicates", cron="40 19 * * *", queue="warehouse")
def search_duplicates_nightly(timestamp: int) -> None:
    """Look for duplicates among the day's changes at twenty to four in Shanghai."""
    find_duplicates(actor=Actor.system("insight"), now=timezone.now())
