"""A synthetic city: the same for the same seed, size and day, with planted truths. Knows no database."""

from hearth.demo.city.build import City, plan_city
from hearth.demo.city.plan import SMALLEST, CityTooSmall
from hearth.demo.city.records import ProjectCity, ProjectPlan

__all__ = ["SMALLEST", "City", "CityTooSmall", "ProjectCity", "ProjectPlan", "plan_city"]
