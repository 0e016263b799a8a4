"""What is on sale: release batches, price lists with the price of each home."""

from hearth.inventory.models.prices import PriceList, UnitPrice
from hearth.inventory.models.releases import BatchUnit, ReleaseBatch

__all__ = ["BatchUnit", "PriceList", "ReleaseBatch", "UnitPrice"]
