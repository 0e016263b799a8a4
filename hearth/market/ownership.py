"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("market.CompetitorPrice.noted_by", "who noted the price")
register_mark("market.CompetitorPrice.struck_by", "who struck the price out")
register_mark("market.MarketEvent.noted_by", "who noted the market event")
