"""Customers of a segment as a filter of their list: columns, orders, views and changes of many come with it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hearth.customers.lists import CUSTOMERS
from hearth.lists.definitions import register_filter
from hearth.lists.filters import Filter, Reader, Test, Unreadable
from hearth.lists.filters.base import Words
from hearth.segments.models import Segment, SegmentCount, SegmentMember
from hearth.segments.permissions import VIEW_SEGMENT

KEY = "segment"
MOST_SEGMENTS, MOST_CHOICES = 20, 300


class SegmentKind:
    """Who was in one of some segments when its members were last counted, as far as the reader sees the segment."""

    code = "choice"
    operators: Mapping[str, Words] = {"is": _("in one of"), "not": _("in none of")}

    def check(self, field: Filter, test: Test, reader: Reader) -> Test:
        if not 0 < len(test.values) <= MOST_SEGMENTS:
            raise Unreadable
        try:
            return Test(test.operator, tuple(str(UUID(value)) for value in test.values))
        except ValueError as error:
            raise Unreadable from error

    def condition(self, field: Filter, test: Test, reader: Reader) -> Q:
        seen = Segment.objects.visible_to(reader.actor).filter(pk__in=test.values)
        kept = SegmentCount.objects.filter(segment__in=seen, has_members=True)
        newest = kept.order_by("segment", "-created_at", "-id").distinct("segment")
        member = SegmentMember.objects.filter(customer=OuterRef("pk"), count__in=newest.values("pk"))
        return ~Q(Exists(member)) if test.operator == "not" else Q(Exists(member))

    def words(self, field: Filter, test: Test, reader: Reader) -> str:
        seen = Segment.objects.visible_to(reader.actor).filter(pk__in=test.values).values_list("pk", "name")
        names = {str(pk): name for pk, name in seen}
        said = ", ".join(names.get(value, "?") for value in test.values)
        return f"≠ {said}" if test.operator == "not" else said

    def editor(self, field: Filter, test: Test | None, reader: Reader) -> Mapping[str, Any]:
        counted = Segment.objects.visible_to(reader.actor).filter(counts__has_members=True).distinct()
        choices = counted.order_by("name", "id").values_list("pk", "name")[:MOST_CHOICES]
        return {"choices": [(str(pk), name) for pk, name in choices]}


register_filter(CUSTOMERS.key, Filter(KEY, _("Segment"), SegmentKind(), permission=VIEW_SEGMENT))
