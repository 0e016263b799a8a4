"""Keys of blind indexes in their file: which are needed, which are refused, which go."""

import json
from base64 import b64encode

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from hearth.audit.sealing import seal_entries, verify
from hearth.core import crypto
from hearth.core.crypto import key_ring
from hearth.core.key_files import add_index_key, drop_index_key
from hearth.core.reindexing import retire_index_key
from hearth.core.resealing import CannotReseal
from hearth.customers.models import ContactPoint, Customer
from hearth.organization.models import OrgUnit
from tests.core.test_reindexing import (
    NUMBER,
    PHONE,
    columns_beside,
    fill,
    find,
    indexed_under,
    numbers_in_use,
    prepared,
    reindex_at_once,
)
from tests.customers.builders import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_key_ring")]


def test_a_key_goes_only_when_no_index_stands_under_it(company: OrgUnit) -> None:
    make_customer(company, phone=PHONE)

    with pytest.raises(CannotReseal, match="Index key 1 is needed"):
        retire_index_key(1)
    with pytest.raises(CannotReseal, match="There is no index key 7"):
        retire_index_key(7)
    reindex_at_once()
    retire_index_key(1)

    assert [customer.pk for customer in find(PHONE)] == [ContactPoint.objects.get().customer_id]
    assert reindex_at_once() == 1
    assert numbers_in_use() == {3}


def test_who_has_not_heard_of_the_new_key_is_refused_and_spoils_nothing(company: OrgUnit) -> None:
    customer = make_customer(company, phone=PHONE)
    stale = indexed_under(1, NUMBER)

    reindex_at_once()

    with (
        pytest.raises(DatabaseError, match="one_key_for_customers_customer_identity_index"),
        transaction.atomic(),
    ):
        Customer.objects.filter(pk=customer.pk).update(identity_index=stale)


def test_a_file_without_the_key_or_with_another_is_refused_before_anything_changes(company: OrgUnit) -> None:
    make_customer(company, phone=PHONE)
    reindex_at_once()
    right = settings.KEY_RING.read_text()
    content = json.loads(right)
    content["index_key"] = b64encode(bytes(32)).decode()
    change_file(json.dumps(content))
    with pytest.raises(CannotReseal, match=r"index key 2 of .* is not the one its rows were indexed with"):
        reindex_at_once()
    content |= {"index_number": 1, "other_index_keys": {}}
    change_file(json.dumps(content))
    with pytest.raises(CannotReseal, match="The indexes are under key 2, which is not in"):
        reindex_at_once()

    change_file(right)

    assert (numbers_in_use(), columns_beside()) == ({2}, False)
    assert len(find(PHONE)) == 1


def change_file(text: str) -> None:
    settings.KEY_RING.write_text(text)
    crypto.forget_keys()


def test_columns_that_another_key_has_filled_are_begun_anew(company: OrgUnit) -> None:
    known = make_customer(company, phone=PHONE)
    fill(prepared())
    drop_index_key(settings.KEY_RING, 2)
    content = json.loads(settings.KEY_RING.read_text())
    content["index_next"] = None
    change_file(json.dumps(content))
    assert add_index_key(settings.KEY_RING) == 2  # the file was put back from a copy, and the key is another

    reindex_at_once()

    assert (find(PHONE), numbers_in_use()) == ([known], {2})


def test_signatures_hold_and_a_file_of_the_first_versions_gets_a_key_for_them(company: OrgUnit) -> None:
    content = json.loads(settings.KEY_RING.read_text())
    content.pop("signing_key", None)
    change_file(json.dumps(content))
    customer = make_customer(company)
    Customer.objects.filter(pk=customer.pk).update(note="二")
    seal_entries()
    signing = key_ring().signing_key

    reindex_at_once()
    retire_index_key(1)

    assert (key_ring().signing_key, verify().broken) == (signing, None)
    assert key_ring().index_keys[2] != signing
