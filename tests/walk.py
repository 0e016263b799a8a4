"""What the walk over all routes needs to know; each app adds its part in `tests/<app>/walk.py`.

- `SAMPLES`: name of a route (`app:name`, for the API `api:operation`) → function that makes the object in the company
  it is given and returns the parameters of the route. Every route with parameters needs one.
- `TRACES`: name of a list → function that makes an object in the company and returns a text that the list shows for
  it; a neighbour's list must not show it. For lists over objects of companies.
- `PUBLIC`: names of pages that anybody may open.
- `SHARED`: names of routes whose object belongs to no company, or to the person who asks; a neighbour need not be
  refused.
- `GROUP_ONLY`: names of routes that only a right over the whole group opens.
- `PREPARED`: names of routes that answer the right person only after steps of their own, with the status they give
  without those steps.
- `BODIES`: name of an operation of the API that writes → the smallest body it accepts, since the API reads the body
  before it looks at rights.
"""

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from django.db import transaction

from hearth.organization.models import OrgUnit

MakeKwargs = Callable[[OrgUnit], dict[str, Any]]
MakeTrace = Callable[[OrgUnit], str]


class Named(Protocol):
    """A route or an operation."""

    @property
    def name(self) -> str:
        """Its name as `reverse` takes it."""


Way = TypeVar("Way", bound=Named)


@dataclass
class Knowledge:
    """All that the apps' `walk` modules say, joined."""

    samples: dict[str, MakeKwargs] = field(default_factory=dict)
    traces: dict[str, MakeTrace] = field(default_factory=dict)
    public: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    group_only: set[str] = field(default_factory=set)
    prepared: dict[str, int] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)


def gather() -> Knowledge:
    """Read every `tests/<app>/walk.py`."""
    known = Knowledge()
    for path in sorted(Path(__file__).parent.glob("*/walk.py")):
        module = importlib.import_module(f"tests.{path.parent.name}.walk")
        known.samples |= getattr(module, "SAMPLES", {})
        known.traces |= getattr(module, "TRACES", {})
        known.public |= getattr(module, "PUBLIC", set())
        known.shared |= getattr(module, "SHARED", set())
        known.group_only |= getattr(module, "GROUP_ONLY", set())
        known.prepared |= getattr(module, "PREPARED", {})
        known.bodies |= getattr(module, "BODIES", {})
    return known


def with_objects(
    ways: Iterable[Way],
    company: OrgUnit,
    samples: dict[str, MakeKwargs],
    prepare: Callable[[], object] = lambda: None,
) -> Iterator[tuple[Way, dict[str, Any]]]:
    """Yield each way with the parameters of an object made for it in the company, and undo what is done with it.

    Ways whose objects are made alike share one, which is made once; `prepare` is called after it was made. What a
    visitor of all ways needs must be there before.
    """
    alike: dict[MakeKwargs | None, list[Way]] = {}
    for way in ways:
        alike.setdefault(samples.get(way.name), []).append(way)
    for make, sharing in alike.items():
        with transaction.atomic():
            kwargs = make(company) if make else {}
            prepare()
            for way in sharing:
                with transaction.atomic():
                    yield way, kwargs
                    transaction.set_rollback(True)
            transaction.set_rollback(True)
