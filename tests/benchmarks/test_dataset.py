"""The large installation and the floors beside it go with the tables as they are now."""

import pytest
from django.db import connection

from benchmarks.dataset import fill
from benchmarks.pages import PAGES
from benchmarks.readers import make_readers
from hearth.core.models import EventRecord
from hearth.customers.models import Customer

pytestmark = pytest.mark.django_db


def test_the_large_installation_is_filled_and_every_floor_asked() -> None:
    fill(customers=300, events=1_000, say=lambda _: None)
    readers = make_readers()

    with connection.connection.cursor() as cursor:
        for page in PAGES:
            for reader in readers:
                page.floor(cursor, reader, reader.customers[0])

    assert Customer.objects.filter(external_key__startswith="B").count() == 300 + len(readers)
    assert EventRecord.objects.count() > 10_000
