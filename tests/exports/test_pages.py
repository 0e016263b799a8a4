"""Asking for a file on a page, watching it, taking it; and the members of a segment as a file."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.exports.models import Export
from hearth.exports.permissions import EXPORT
from hearth.organization.models import OrgUnit
from hearth.segments.models import Segment, SegmentCount, SegmentMember
from hearth.warehouse.models import Snapshot
from tests.customers.builders import make_customer
from tests.exports.builders import (
    NOW,
    REASON,
    make_export,
    make_exporter,
    names_in,
    write,
)
from tests.organization.builders import make_member, sign_in
from tests.segments.builders import make_segment

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "list-dialog"}
ASKED = {"columns": ["name", "phone"], "table_format": "csv", "reason": REASON, "step": "do"}


def text_of(response: Any) -> str:
    return str(response.content.decode())


def make_counted(company: OrgUnit, *members: Customer) -> Segment:
    """Write a segment that was counted once."""
    segment = make_segment(company, {"field": "homes", "op": "gte", "value": 1}, now=NOW)
    snapshot = Snapshot.objects.create(taken_at=NOW, created_at=NOW, updated_at=NOW)
    count = SegmentCount.objects.create(
        segment=segment,
        snapshot=snapshot,
        rule=segment.rule,
        size=len(members),
        has_members=True,
        created_at=NOW,
        updated_at=NOW,
    )
    SegmentMember.objects.bulk_create(SegmentMember(count=count, customer=each) for each in members)
    return segment


def test_a_list_offers_to_be_exported_to_those_who_may(client: Client, company: OrgUnit) -> None:
    make_customer(company)
    may, may_not = make_exporter(company), make_exporter(company, without=EXPORT)

    offered = sign_in(client, may).get("/customers/?stage=pre_owner")
    chosen = client.get("/customers/")
    refused = sign_in(Client(), may_not).get("/customers/")

    assert "/exports/new/customers/?stage=pre_owner" in text_of(offered)
    assert 'data-change="/exports/new/customers/' in text_of(chosen)
    assert "/exports/new/" not in text_of(refused)


def test_the_dialog_tells_rows_and_masked_columns_before_anything_is_written(
    client: Client, company: OrgUnit
) -> None:
    make_customer(company, source="call")
    make_customer(company, source="referral")
    user = make_exporter(company, without="customers.view_contact")

    page = sign_in(client, user).get("/exports/new/customers/?source=call&columns=phone", headers=HTMX)

    text = text_of(page)
    assert "<html" not in text
    assert "1 行" in text
    assert "对您脱敏显示（至少部分行）： 电话, 电子邮箱" in text
    assert text.count("checked") == 2
    assert Export.objects.count() == 0


def test_a_filtered_list_becomes_a_file_and_is_taken(client: Client, company: OrgUnit) -> None:
    make_customer(company, name="王伟", source="call", phone="13800001234")
    make_customer(company, name="李娜", source="referral")
    sign_in(client, make_exporter(company))

    asked = client.post("/exports/new/customers/?source=call", ASKED)
    export = Export.objects.get()
    waiting = client.get(f"/exports/{export.pk}/")
    write(export, now=timezone.now())
    ready = client.get(f"/exports/{export.pk}/")
    file: Any = client.get(f"/exports/{export.pk}/file/")

    assert (asked.status_code, asked.headers["Location"]) == (303, f"/exports/{export.pk}/")
    assert "every 2s" in text_of(waiting)
    assert "every 2s" not in text_of(ready)
    assert f"/exports/{export.pk}/file/" in text_of(ready)
    assert "来电" in text_of(ready)
    lines = file.getvalue().decode("utf-8-sig").replace('"', "").splitlines()[1:]
    assert [line.rpartition(",")[0] for line in lines] == ["王伟,13800001234"]
    assert file.headers["Cache-Control"] == "private, no-store"
    assert "attachment" in file.headers["Content-Disposition"]


def test_rows_chosen_by_hand_are_exported_alone(client: Client, company: OrgUnit) -> None:
    chosen = make_customer(company, name="王伟")
    make_customer(company, name="李娜")
    sign_in(client, make_exporter(company))

    dialog = client.post("/exports/new/customers/", {"rows": f"{chosen.pk},slip"}, headers=HTMX)
    asked = client.post("/exports/new/customers/", {**ASKED, "rows": str(chosen.pk)}, headers=HTMX)

    assert "1 行" in text_of(dialog)
    export = Export.objects.get()
    assert asked.headers["HX-Redirect"] == f"/exports/{export.pk}/"
    assert names_in(write(export)) == ["王伟"]


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"reason": "x"}, {"columns": ["secret"]}, {"table_format": "doc"}]
)
def test_what_makes_no_sense_is_told_in_the_dialog(
    client: Client, company: OrgUnit, wrong: dict[str, Any]
) -> None:
    sign_in(client, make_exporter(company))

    answer = client.post("/exports/new/customers/", {**ASKED, **wrong}, headers=HTMX)

    assert answer.status_code == 422
    assert "invalid-feedback" in text_of(answer)
    assert Export.objects.count() == 0


def test_an_export_is_given_up_on_its_page(client: Client, company: OrgUnit) -> None:
    user = make_exporter(company)
    export = make_export(user)
    sign_in(client, user).post(f"/exports/{export.pk}/cancel/")

    page = client.get(f"/exports/{export.pk}/")

    assert "已放弃" in text_of(page)
    assert client.get(f"/exports/{export.pk}/file/").status_code == 422


def test_each_person_sees_their_own_exports(client: Client, company: OrgUnit) -> None:
    mine = make_exporter(company)
    export = make_export(mine)

    own = sign_in(client, mine).get("/exports/")
    others = sign_in(Client(), make_exporter(company)).get("/exports/")

    assert f"/exports/{export.pk}/" in text_of(own)
    assert f"/exports/{export.pk}/" not in text_of(others)
    assert "您还没有导出过数据" in text_of(others)


def test_the_members_of_a_segment_are_exported(client: Client, company: OrgUnit, neighbour: OrgUnit) -> None:
    member = make_customer(company, name="王伟")
    make_customer(company, name="李娜")
    segment = make_counted(company, member, make_customer(neighbour, name="陈静"))
    sign_in(client, make_exporter(company))
    address = f"/exports/new/segment/{segment.pk}/"

    page, form = client.get(f"/segments/{segment.pk}/"), client.get(address)
    client.post(address, ASKED)

    export = Export.objects.get()
    assert address in text_of(page)
    assert "1 行" in text_of(form)
    assert (export.source_key, export.source_id) == ("segment", segment.pk)
    assert segment.name in export.name
    assert names_in(write(export)) == ["王伟"]


def test_a_segment_that_is_no_longer_there_leaves_no_file(client: Client, company: OrgUnit) -> None:
    segment = make_counted(company, make_customer(company))
    user = make_exporter(company)
    sign_in(client, user).post(f"/exports/new/segment/{segment.pk}/", ASKED)
    Segment.objects.filter(pk=segment.pk).delete()

    export = write(Export.objects.get())

    assert (export.state, export.error_code) == ("failed", "view_changed")


def test_a_segment_of_a_neighbour_and_unknown_sources_are_not_there(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    segment = make_counted(neighbour)
    sign_in(client, make_exporter(company))

    found = [
        client.get(f"/exports/new/{address}").status_code
        for address in (f"segment/{segment.pk}/", f"other/{UUID(int=1)}/", "other/")
    ]

    assert found == [404, 404, 404]


def test_a_segment_is_exported_by_those_alone_who_may_see_customers(client: Client, company: OrgUnit) -> None:
    segment = make_counted(company, make_customer(company))
    sign_in(client, make_member(company, SIGNED_IN, "segments.view", EXPORT))

    page = client.get(f"/segments/{segment.pk}/")

    assert "/exports/new/" not in text_of(page)
    assert client.get(f"/exports/new/segment/{segment.pk}/").status_code == 404


def test_the_file_says_who_it_was_written_for(client: Client, company: OrgUnit) -> None:
    user = make_exporter(company)
    export = write(make_export(user, "name", "phone"))

    page = sign_in(client, user).get(f"/exports/{export.pk}/")

    assert all(words in text_of(page) for words in (REASON, str(user), "姓名, 电话"))
