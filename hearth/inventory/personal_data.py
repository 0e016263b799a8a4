"""What stands here of customers, and what does not."""

from hearth.core.personal_data import holds_none
from hearth.inventory.models import BatchUnit, PriceList, ReleaseBatch, UnitPrice

holds_none(ReleaseBatch, BatchUnit, because="Which homes are on sale, and from when.")
holds_none(PriceList, UnitPrice, because="What homes cost, whoever buys them.")
