"""What is on sale, and who holds or waits for it, is seen at the place of its project."""

from hearth.core.fence import at_place, fence
from hearth.inventory.models import BatchUnit, Hold, Opening, PriceList, QueueEntry, ReleaseBatch, UnitPrice

for kept in (ReleaseBatch, BatchUnit, PriceList, UnitPrice, Hold, QueueEntry, Opening):
    fence(kept, at_place())
