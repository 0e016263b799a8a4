"""The market around two projects: competitors of each with their prices, and events of the whole group."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from hearth.core.actor import Actor
from hearth.demo.city.market import COMPETITORS, EVENTS, SEEN_EVERY_DAYS, SEEN_FOR_DAYS
from hearth.demo.city.records import ProjectPlan
from hearth.demo.loading.project import LoadedProject
from hearth.market.services import (
    AboutCompetitor,
    AboutEvent,
    PriceSeen,
    add_competitor,
    note_event,
    note_price,
)
from hearth.organization.models import OrgUnit


@dataclass(frozen=True)
class MarketLoader:
    """Writes competitors, prices and events."""

    actor: Actor
    now: datetime
    today: date

    def load_competitors(self, plan: ProjectPlan, loaded: LoadedProject) -> None:
        """Write the competitors of a project with what they asked over 18 months."""
        project = loaded.project
        for each in COMPETITORS:
            about = AboutCompetitor(each.name, [project], each.developer, each.district, each.note)
            row = add_competitor(project.org_unit, about, actor=self.actor, now=self.now)
            for ago in range(SEEN_FOR_DAYS, 0, -SEEN_EVERY_DAYS):
                months = (SEEN_FOR_DAYS - ago) / 30
                price = Decimal(round(plan.price * each.begins_at * (1 + each.monthly * months), -1))
                seen = PriceSeen("asked", self.today - timedelta(days=ago), price, "案场踩盘")
                note_price(row, seen, actor=self.actor, now=self.now)

    def load_events(self, group: OrgUnit) -> None:
        """Write what moved the whole market."""
        for kind, title, effect, ago in EVENTS:
            about = AboutEvent(kind, title, self.today - timedelta(days=ago), effect)
            note_event(group, about, actor=self.actor, now=self.now, is_sample=True)
