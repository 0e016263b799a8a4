"""What is on sale is seen at the place of its project."""

from hearth.core.fence import at_place, fence
from hearth.inventory.models import BatchUnit, PriceList, ReleaseBatch, UnitPrice

for kept in (ReleaseBatch, BatchUnit, PriceList, UnitPrice):
    fence(kept, at_place())
