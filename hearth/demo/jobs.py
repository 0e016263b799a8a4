"""Loading and removing the sample data, queued."""

import logging

from django.utils import timezone

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.jobs import job
from hearth.demo.progress import Progress, showing_progress
from hearth.demo.sequel import start_analysis
from hearth.demo.services import clear_demo, load_demo
from hearth.organization.selectors import actor_for

logger = logging.getLogger(__name__)


@job("demo.load", queue="imports", retry=False)
def load(*, households: int, user_id: int, is_forced: bool) -> None:
    """Load the demo for the user who asked; nothing is left of it when it is stopped."""
    now = timezone.now()
    actor = _actor(user_id)
    with showing_progress() as show:
        try:
            load_demo(
                households,
                today=timezone.localdate(now),
                actor=actor,
                now=now,
                progress=lambda done, total, _stage: show(Progress("load", done, total)),
                is_forced=is_forced,
            )
        except DomainError as error:
            logger.warning("The demo was not loaded: %s", error.code)
            show(Progress("load", problem=error.code))
        except Exception as error:
            show(Progress("load", problem=type(error).__name__))
            raise
        else:
            show(None)
            start_analysis(actor=Actor.system("demo"), now=timezone.now())


@job("demo.clear", queue="imports", retry=False)
def clear(*, user_id: int) -> None:
    """Remove the demo for the user who asked."""
    with showing_progress() as show:
        try:
            clear_demo(actor=_actor(user_id), now=timezone.now())
        except Exception as error:
            show(Progress("clear", problem=getattr(error, "code", type(error).__name__)))
            raise
        show(None)


def _actor(user_id: int) -> Actor:
    return actor_for(User.objects.get(pk=user_id), today=timezone.localdate())
