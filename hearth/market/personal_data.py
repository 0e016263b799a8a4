"""The market is no person."""

from hearth.core.personal_data import holds_none
from hearth.market.models import Competitor, CompetitorPrice, MarketEvent, Rivalry

holds_none(Competitor, because="A project of another company.")
holds_none(Rivalry, because="Which project competes with which.")
holds_none(CompetitorPrice, because="What another company asks for a square metre.")
holds_none(MarketEvent, because="What everybody could read in the news.")
