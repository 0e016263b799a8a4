"""An import is taken back row by row, and never what somebody has changed since."""

import csv
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.campaigns.models import CampaignMember
from hearth.cases.models import Case
from hearth.channels.models import Interaction
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.models import ContactPoint, Customer, CustomerPlace, Household, UnitRole
from hearth.customers.permissions import CHANGE_CUSTOMER
from hearth.customers.services import merge_customers
from hearth.imports.errors import WrongImportState
from hearth.imports.models import ImportJob, ImportRow
from hearth.imports.permissions import REVERT_IMPORT, RUN_IMPORT
from hearth.imports.services import (
    change_mapping,
    commit_file,
    receive_file,
    revert_file,
    revert_import,
    start_check,
    start_commit,
)
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building, Project, Unit
from hearth.sales.models import Contract, Payment
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import make_actor
from tests.properties.builders import make_building, make_project, make_unit
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
State = ImportJob.State
IDENTITY = "11010519491231002X"


def bring_in(
    folder: Path, place: OrgUnit, kind: str, *lines: str, now: datetime, options: tuple[str, ...] = ()
) -> ImportJob:
    """Import a file in full."""
    actor = Actor.system("test")
    path = folder / f"{kind}.csv"
    path.write_text("\n".join(lines) + "\n")
    job = receive_file(path, kind=kind, org_unit=place, actor=actor, now=now)
    job = change_mapping(job, job.mapping, dict.fromkeys(options, True), actor=actor, now=now)
    start_check(job, actor=actor, now=now)
    start_commit(job, good_rows_only=True, actor=actor, now=now)
    done = commit_file(job, actor=actor, now=now)
    assert done.state == State.DONE
    return done


def take_back(job: ImportJob, actor: Actor, now: datetime) -> ImportJob:
    revert_import(job, actor=actor, now=now)
    return revert_file(job, actor=actor, now=now)


CUSTOMERS = (
    "编号,姓名,手机,地址,家庭编号",
    "K1,林晓,13800138000,深圳市福田区1号,H1",
    "K2,周宁,13800138001,,H1",
    "K3,陈安,13800138002,,",
)


def test_new_customers_go_with_their_contacts_and_households(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = bring_in(tmp_path, company, "customers", *CUSTOMERS, now=now)

    done = take_back(job, actor, now + timedelta(hours=1))

    assert (done.state, done.reverted_rows, done.kept_rows) == (State.REVERTED, 3, 0)
    kept = (Customer, ContactPoint, CustomerPlace, Household)
    assert [model.objects.count() for model in kept] == [0, 0, 0, 0]
    assert EventRecord.objects.filter(type="imports.record_taken_back").count() == 3
    event = EventRecord.objects.get(type="imports.import_taken_back")
    assert event.payload == {"kind": "customers", "reverted_rows": 3, "kept_rows": 0}


def test_what_was_changed_or_used_since_stays_and_the_report_says_why(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = bring_in(tmp_path, company, "customers", *CUSTOMERS, now=now)
    Customer.objects.filter(external_key="K1").update(note="x", updated_at=now + timedelta(minutes=1))
    make_contract(make_home(company), Customer.objects.get(external_key="K2"), now=now)

    done = take_back(job, actor, now + timedelta(hours=1))

    assert (done.reverted_rows, done.kept_rows) == (1, 2)
    assert sorted(Customer.objects.values_list("external_key", flat=True)) == ["K1", "K2"]
    rows = ImportRow.objects.filter(job=job).order_by("row").values_list("row", "reversal", "reason_code")
    assert list(rows) == [(2, "refused", "changed"), (3, "refused", "in_use"), (4, "done", "")]
    assert done.revert_file
    with done.revert_file.file.open("rb") as opened:
        lines = list(csv.reader(opened.read().decode("utf-8-sig").splitlines()))
    assert [line[0] for line in lines[1:]] == ["2", "3", "4"]
    assert lines[1][3] == "此后有人改动过该记录，保持不变。"


def test_a_contact_added_since_keeps_the_customer(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = bring_in(tmp_path, company, "customers", *CUSTOMERS[:2], now=now)
    ContactPoint.objects.filter(kind="phone").update(updated_at=now + timedelta(minutes=1))

    done = take_back(job, actor, now + timedelta(hours=1))

    assert (done.reverted_rows, done.kept_rows) == (0, 1)


def test_a_new_customer_whom_another_company_knows_by_now_stays(
    tmp_path: Path, company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = bring_in(tmp_path, company, "customers", *CUSTOMERS[:2], now=now)
    CustomerPlace.objects.create(customer=Customer.objects.get(), org_unit=neighbour)

    done = take_back(job, actor, now + timedelta(hours=1))

    assert (done.reverted_rows, done.kept_rows, Customer.objects.count()) == (0, 1, 1)


def test_changed_customers_get_back_what_they_said_before(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    known = make_customer(
        company, name="林晓", phone="13800138000", external_key="K1", note="旧", birth_date=date(1980, 1, 2)
    )
    lines = ("编号,姓名,手机,身份证号,备注,出生日期", f"K1,林小晓,13900139000,{IDENTITY},新,1949-12-31")
    later = now + timedelta(days=1)
    job = bring_in(tmp_path, company, "customers", *lines, now=later, options=("update_known",))
    known.refresh_from_db()
    changed = (known.name, known.identity_number, known.contact_points.count())

    done = take_back(job, actor, later + timedelta(hours=1))

    known.refresh_from_db()
    assert changed == ("林小晓", IDENTITY, 2)
    assert (done.reverted_rows, known.name, known.note, known.birth_date) == (
        1,
        "林晓",
        "旧",
        date(1980, 1, 2),
    )
    assert (known.identity_number, known.identity_index) == ("", None)
    assert [point.value for point in known.contact_points.all()] == ["+8613800138000"]
    assert IDENTITY.encode() not in bytes(ImportRow.objects.get(job=job).before_sealed or b"")


def test_a_customer_of_whom_the_file_says_nothing_new_is_skipped(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    make_customer(company, name="林晓", phone="13800138000", external_key="K1")

    job = bring_in(
        tmp_path,
        company,
        "customers",
        "编号,姓名,手机",
        "K1,林晓,13800138000",
        now=now,
        options=("update_known",),
    )

    assert (job.updated_rows, job.skipped_rows) == (0, 1)


def test_a_customer_of_the_group_is_linked_and_unlinked(
    tmp_path: Path, company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    known = make_customer(neighbour, name="林晓", identity_number=IDENTITY)
    lines = ("编号,姓名,身份证号", f"K1,林晓,{IDENTITY}")

    job = bring_in(tmp_path, company, "customers", *lines, now=now, options=("link_known",))
    places = set(known.places.values_list("org_unit__code", flat=True))
    done = take_back(job, actor, now + timedelta(hours=1))

    assert (job.linked_rows, places, Customer.objects.count()) == (1, {"SZ", "GZ"}, 1)
    assert (done.reverted_rows, [place.org_unit.code for place in known.places.all()]) == (1, ["GZ"])


def test_homes_go_with_the_places_made_for_them_and_changed_ones_are_restored(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    building = make_building(make_project(company, name="金色家园"), name="1栋")
    kept = make_unit(building, number="101", price="2000000", external_key="A-1")
    header = "项目,楼栋,单元,房号,建筑面积,标价,外部编号"
    lines = (header, "金色家园,1栋,,101,91,300万,A-1", "云锦府,A座,二单元,201,90,,B-1")
    options = ("create_projects", "update_existing")
    later = now + timedelta(days=1)
    job = bring_in(tmp_path, company, "units", *lines, now=later, options=options)

    done = take_back(job, actor, later + timedelta(hours=1))

    kept.refresh_from_db()
    assert (job.created_rows, job.updated_rows, done.reverted_rows) == (1, 1, 2)
    assert (kept.floor_area, kept.list_price_amount) == (Decimal("89.50"), Decimal("2000000.00"))
    assert [Unit.objects.count(), Building.objects.count(), Project.objects.count()] == [1, 1, 1]


def test_contracts_and_payments_go_and_the_home_is_for_sale_again(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    building = make_building(make_project(company, name="金色家园"), name="1栋")
    home = make_unit(building, number="101", external_key="A-1")
    make_customer(company, external_key="K1")
    header = "合同编号,客户编号,房间编号,签约日期,合同总价,交付日期"
    signed = bring_in(
        tmp_path, company, "contracts", header, "HT-1,K1,A-1,2025-06-01,200万,2025-12-01", now=now
    )
    paid = bring_in(
        tmp_path, company, "payments", "合同编号,收据号,收款日期,金额", "HT-1,S-1,2025-06-02,10万", now=now
    )

    kept = take_back(signed, actor, now + timedelta(hours=1))
    take_back(paid, actor, now + timedelta(hours=1))
    ImportRow.objects.filter(job=signed).update(reversal="", reason_code="")
    ImportJob.objects.filter(pk=signed.pk).update(state=State.DONE, kept_rows=0)
    done = take_back(signed, actor, now + timedelta(hours=2))

    home.refresh_from_db()
    assert (kept.kept_rows, done.reverted_rows) == (1, 1)
    assert [model.objects.count() for model in (Contract, Payment, UnitRole)] == [0, 0, 0]
    assert (home.state, home.handover_date) == (Unit.State.AVAILABLE, None)


def test_cases_contacts_and_campaigns_of_the_past_are_taken_back(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    make_customer(company, external_key="K1")
    files = {
        "cases": ("留言编号,标题,受理时间,客户编号", "C-1,漏水,2025-06-01 10:00,K1"),
        "interactions": ("客户编号,渠道,时间,摘要", "K1,电话,2025-06-01 10:00,回访"),
        "campaign_history": ("客户编号,活动,分组,是否响应", "K1,春季,邮件,是"),
    }
    jobs = [bring_in(tmp_path, company, kind, *lines, now=now) for kind, lines in files.items()]
    models = (Case, Interaction, CampaignMember)
    before = [model.objects.count() for model in models]

    done = [take_back(job, actor, now + timedelta(hours=1)) for job in jobs]

    assert before == [1, 1, 1]
    assert [(job.reverted_rows, job.kept_rows) for job in done] == [(1, 0)] * 3
    assert [model.objects.count() for model in models] == [0, 0, 0]


def test_an_import_taken_back_can_be_imported_again(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    take_back(bring_in(tmp_path, company, "customers", *CUSTOMERS, now=now), actor, now)

    again = bring_in(tmp_path, company, "customers", *CUSTOMERS, now=now)

    assert again.created_rows == 3


def test_taking_back_needs_its_own_right_and_a_file_that_is_done(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = bring_in(tmp_path, company, "customers", *CUSTOMERS, now=now)
    importer = make_actor(company, RUN_IMPORT, CHANGE_CUSTOMER)
    reverter = make_actor(company, RUN_IMPORT, CHANGE_CUSTOMER, REVERT_IMPORT)

    with pytest.raises(NotAllowed):
        revert_import(job, actor=importer, now=now)
    take_back(job, reverter, now)
    with pytest.raises(WrongImportState), translation.override("en"):
        revert_import(job, actor=reverter, now=now)


def test_a_run_that_died_goes_on_with_the_rows_that_are_left(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = bring_in(tmp_path, company, "customers", *CUSTOMERS, now=now)
    revert_import(job, actor=actor, now=now)
    revert_file(job, actor=actor, now=now)

    again = revert_file(job, actor=actor, now=now)

    assert (again.state, again.reverted_rows) == (State.REVERTED, 3)


def test_a_customer_merged_since_stays_as_the_merge_left_it(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    known = make_customer(company, external_key="K1", name="林晓")
    job = bring_in(tmp_path, company, "customers", *CUSTOMERS[:2], now=now, options=("update_known",))
    later = now + timedelta(hours=1)
    merge_customers(make_customer(company, phone="13800138000"), [known], actor=actor, now=later)
    Customer.objects.filter(pk=known.pk).update(updated_at=now)

    done = take_back(job, actor, later)

    assert (done.state, done.reverted_rows, done.kept_rows) == (State.REVERTED, 0, 1)


def break_the_reversal(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_rest: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("hearth.imports.services.reverting._revert_batch", broken)


def test_a_reversal_that_broke_is_shown_and_goes_on_when_asked_again(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime, signed_in: Client
) -> None:
    job = bring_in(tmp_path, company, "customers", *CUSTOMERS, now=now)
    with pytest.MonkeyPatch.context() as patch:
        break_the_reversal(patch)
        with pytest.raises(RuntimeError):
            take_back(job, actor, now)
    stopped = ImportJob.objects.get()
    shown = signed_in.get(reverse("imports:detail", args=[job.pk])).content.decode()

    signed_in.post(reverse("imports:revert", args=[job.pk]))
    asked = ImportJob.objects.get()
    done = revert_file(job, actor=actor, now=now)

    assert (stopped.state, stopped.error_code) == (State.REVERTING, "interrupted")
    assert 'data-bs-target="#take-back"' in shown
    assert (asked.state, asked.error_code) == (State.REVERTING, "")
    assert (done.state, done.reverted_rows, Customer.objects.count()) == (State.REVERTED, 3, 0)


def test_the_writing_of_a_file_that_died_while_it_was_taken_back_takes_back_the_rest(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = bring_in(tmp_path, company, "customers", *CUSTOMERS, now=now)
    revert_import(job, actor=actor, now=now, is_queued=False)

    done = commit_file(job, actor=actor, now=now)

    assert (done.state, Customer.objects.count()) == (State.REVERTED, 0)


def test_the_steps_of_one_import_are_queued_one_after_the_other(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = bring_in(tmp_path, company, "customers", *CUSTOMERS, now=now)
    revert_import(job, actor=actor, now=now)

    queued = ProcrastinateJob.objects.filter(task_name__in=["imports.commit", "imports.revert"])

    assert [each.lock for each in queued.order_by("id")] == [f"imports.job {job.pk}"] * 2
