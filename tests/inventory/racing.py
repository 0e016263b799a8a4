"""Acts that start in the same moment, on connections of their own."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from hearth.core.errors import DomainError


def at_once(acts: Sequence[Callable[[], object]]) -> Counter[str]:
    """Start acts in the same moment and count what became of them: nothing, or the code of the refusal."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            barrier.wait(30)
            act()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))
