"""What apps above demand before a contract is filed online 网签备案; each refuses with a `DomainError` of its own."""

from collections.abc import Callable

from hearth.core.registry import Registry
from hearth.sales.models import Contract

filing_demands: Registry[Callable[[Contract], None]] = Registry()
