"""Contracts and payments are seen at the place that sold."""

from hearth.core.fence import at_place, fence
from hearth.sales.models import Contract, Payment

for paper in (Contract, Payment):
    fence(paper, at_place())
