# domain data
"""What the invented company puts on sale: batches, and rules of prices."""

from dataclasses import dataclass
from decimal import Decimal

from hearth.inventory.pricing import PriceRule

PERMIT = "{city}房预售许字（2026）第{number:03d}号"
FLOOR_RULE = PriceRule(label="楼层差", lowest_floor=2, per_floor=Decimal(60))
VIEW_RULE = PriceRule(label="园景", ending="01", percent=Decimal("2.5"))
RISE = Decimal("1.03")


@dataclass(frozen=True)
class BatchPlan:
    """One batch: when it was begun, and whether it is on sale or waits for a second person."""

    name: str
    permit: int
    days_ago: int
    is_released: bool


BATCHES = (
    BatchPlan("首批房源", 12, 90, is_released=True),
    BatchPlan("加推房源", 31, 3, is_released=False),
)
