"""Competitors are seen at their place. No row speaks of a person."""

from hearth.core.fence import at_place, fence, leave_open
from hearth.market.models import Competitor, CompetitorPrice, MarketEvent, Rivalry

for watched in (Competitor, Rivalry, CompetitorPrice):
    fence(watched, at_place())
leave_open(MarketEvent, because="What moves the market is public, and holds below the place that noted it.")
