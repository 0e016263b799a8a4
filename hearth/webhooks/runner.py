"""The worker of webhooks: gathers, takes, sends from several threads at once, settles."""

import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from threading import Event

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections

from hearth.webhooks.gateway import Outcome, post
from hearth.webhooks.services.gathering import Gatherer
from hearth.webhooks.services.sending import Parcel, settle, take_due

logger = logging.getLogger(__name__)
POLL_SECONDS = 0.5
THREADS = 32


class Runner:
    """Sends until it is stopped. Only the network is left to the threads; the database belongs to the loop."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._gatherer = Gatherer()
        self._under_way: dict[Future[Outcome], Parcel] = {}

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; what is under way then is waited for and settled."""
        with ThreadPoolExecutor(THREADS, thread_name_prefix="webhook") as threads:
            while not stop.is_set():
                try:
                    is_busy = self._begin(threads)
                    self._settle_ended(0 if is_busy else POLL_SECONDS, stop)
                except (OperationalError, InterfaceError):
                    # The server is being restarted: what was under way is sent again when its claim ends.
                    logger.exception("A round of webhooks failed; it is repeated")
                    close_old_connections()
                    stop.wait(POLL_SECONDS)
            while self._under_way:
                self._settle_ended(POLL_SECONDS, stop)

    def run_until_empty(self) -> None:
        """Work until nothing is new, nothing due and nothing under way."""
        with ThreadPoolExecutor(THREADS, thread_name_prefix="webhook") as threads:
            while self._begin(threads) or self._under_way:
                self._settle_ended(POLL_SECONDS, Event())

    def _begin(self, threads: ThreadPoolExecutor) -> bool:
        """Gather and start what is due; tell whether there was anything."""
        now = self._clock()
        gathered = self._gatherer.gather(now=now)
        busy = Counter(parcel.endpoint_id for parcel in self._under_way.values())
        parcels = take_due(busy, free=THREADS - len(self._under_way), now=now)
        for parcel in parcels:
            sent = threads.submit(
                post, parcel.url, parcel.headers, parcel.body, inside=settings.WEBHOOK_NETWORKS
            )
            self._under_way[sent] = parcel
        return bool(gathered or parcels)

    def _settle_ended(self, seconds: float, stop: Event) -> None:
        """Wait for the first answer or the time, and write down every answer there is."""
        if not self._under_way:
            stop.wait(seconds)
            return
        ended, _rest = wait(self._under_way, timeout=seconds, return_when=FIRST_COMPLETED)
        for sent in ended:
            parcel = self._under_way.pop(sent)
            settle(parcel, _outcome_of(sent, parcel), now=self._clock())


def _outcome_of(sent: Future[Outcome], parcel: Parcel) -> Outcome:
    """Return what came of an attempt; one that broke has failed, so that it alone waits and the others go on."""
    try:
        return sent.result()
    except Exception:
        logger.exception("An attempt for the webhook %s broke", parcel.endpoint_id)
        return Outcome(None, "broken", 0.0)
