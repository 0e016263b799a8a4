"""Measuring records anew when what counts has changed."""

from hearth.core.jobs import job
from hearth.families.services.completeness import weigh_portion


@job("families.weigh_again", queue="upkeep")
def weigh_again(*, path: str, after: str = "") -> None:
    """Measure a portion of the records that places below `path` know, and queue the next portion with it.

    A killed worker repeats one portion and no more.
    """
    weigh_portion(path, after=after, go_on=lambda last: weigh_again.defer(path=path, after=last))
