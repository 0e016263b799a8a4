"""What is on sale: release batches, prices of homes, who holds a home and who waits in a queue."""

from hearth.inventory.models.holds import Hold, QueueEntry
from hearth.inventory.models.openings import Opening
from hearth.inventory.models.prices import PriceList, UnitPrice
from hearth.inventory.models.releases import BatchUnit, ReleaseBatch

__all__ = ["BatchUnit", "Hold", "Opening", "PriceList", "QueueEntry", "ReleaseBatch", "UnitPrice"]
