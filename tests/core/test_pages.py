"""Pages of a list join without a gap and without a row twice."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from hearth.core.models import StoredFile
from hearth.core.pages import keyset_page

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 3, 18, 6, 30, 0, 733953, tzinfo=UTC)


def read_all(order: str) -> list[UUID]:
    """Return the ids of all rows, page by page."""
    found: list[UUID] = []
    cursor = ""
    for _ in range(10):
        page = keyset_page(StoredFile.objects.all(), order=order, cursor=cursor, limit=2)
        found += [row.pk for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    return found


@pytest.mark.parametrize("order", ["created_at", "-created_at", "name", "-name", "id", "-id"])
def test_rows_of_one_moment_and_of_one_millisecond_come_once_each(order: str) -> None:
    moments = [MOMENT, MOMENT, MOMENT, MOMENT + timedelta(microseconds=1), MOMENT + timedelta(seconds=1)]
    rows = [
        StoredFile(name="x", size=number, sha256="", created_at=moment, updated_at=moment)
        for number, moment in enumerate(moments)
    ]
    for row in rows:
        row.save(force_insert=True)

    found = read_all(order)

    expected = sorted(row.pk for row in rows)
    assert found == (expected[::-1] if order.startswith("-") else expected)
