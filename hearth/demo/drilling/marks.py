"""What is done with the invented person: addressing, files, searches, answers."""

import secrets
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.core.files.base import ContentFile
from django.utils.timezone import localdate

from hearth.accounts.models import Notification
from hearth.books.models import BookHandover
from hearth.brokers.models import (
    Broker,
    ChannelRegistration,
    CommissionSheet,
    Partner,
    RegistrationConflict,
)
from hearth.brokers.numbers import whole_number
from hearth.campaigns.models import Campaign, CampaignMember, Response, Treatment
from hearth.core.models import EventRecord, IdempotencyKey
from hearth.customers.models import Customer
from hearth.demo.drilling.person import InventedPerson
from hearth.exports.files import path_of
from hearth.exports.models import Export
from hearth.imports.files import store
from hearth.imports.models import ImportIssue, ImportJob, ImportRow, seal_before
from hearth.leads.models import Lead, LeadDispute
from hearth.lists.models import BulkRow, BulkRun, SavedView
from hearth.properties.models import Project
from hearth.radar.models import RadarAlarm
from hearth.registers.models import AffectedPerson, Incident, IncidentStep, NoticeLetter
from hearth.segments.models import Segment, SegmentCount, SegmentMember
from hearth.vigilance.models import Alarm, AlarmRule, AlarmStep, Kind, Read
from hearth.warehouse.models import Snapshot
from hearth.webhooks.models import Attempt, Delivery, Endpoint
from hearth.workspace.models import Look


def be_addressed(person: InventedPerson) -> None:
    """Be drawn for a segment and a campaign."""
    snapshot = Snapshot.objects.create(
        state=Snapshot.State.FAILED, taken_at=person.now, error=f"value {person.phone}", **person.stamps
    )
    segment = Segment.objects.create(org_unit=person.place, name="演练", rule={}, **person.stamps)
    count = SegmentCount.objects.create(
        segment=segment, snapshot=snapshot, rule={}, size=1, has_members=True, **person.stamps
    )
    SegmentMember.objects.create(count=count, customer=person.customer)
    campaign = Campaign.objects.create(
        org_unit=person.place, name="演练", salt=secrets.token_hex(8), **person.stamps
    )
    arm = Treatment.objects.create(
        campaign=campaign, name="演练", channel="email", share=Decimal(1), **person.stamps
    )
    member = CampaignMember.objects.create(
        campaign=campaign,
        customer=person.customer,
        household_key=person.customer.pk,
        treatment=arm,
        token=secrets.token_urlsafe(24),
        **person.stamps,
    )
    Response.objects.create(
        member=member, kind="opened", source="link", occurred_at=person.now, reference="link", **person.stamps
    )


def be_in_files(person: InventedPerson) -> None:
    """Come in with a file, go out with another, and stand in a snapshot."""
    text = f"姓名,电话\n{person.name},{person.phone}\n"
    stored = store(
        ContentFile(text.encode("gb18030"), name="d.csv"), name=f"{person.name}.csv", now=person.now
    )
    person.files.append(Path(stored.file.path))
    job = ImportJob.objects.create(
        org_unit=person.place,
        kind="customers",
        state=ImportJob.State.DONE,
        source_file=stored,
        sample_rows=[[person.name, person.phone]],
        created_by=person.colleague,
        **person.stamps,
    )
    before = seal_before({"name": person.name, "note": person.phone}, person.customer.pk)
    ImportRow.objects.create(
        job=job,
        row=2,
        outcome="updated",
        record_id=person.customer.pk,
        before_sealed=before,
        written_at=person.now,
    )
    ImportIssue.objects.create(job=job, row=2, column="电话", code="invalid", params={"value": person.phone})
    export = Export.objects.create(
        name=person.name,
        object_key="customers",
        format=Export.Format.CSV,
        reason=person.said,
        language="zh-hans",
        parameters={"q": person.phone},
        row_ids=[str(person.customer.pk)],
        state=Export.State.DONE,
        size=1,
        expires_at=person.now + timedelta(days=1),
        created_by=person.colleague,
        **person.stamps,
    )
    path_of(export).write_text(text, encoding="utf-8")
    person.files.append(path_of(export))
    person.folder.mkdir(parents=True)
    table = pa.table({"customer_id": [str(person.customer.pk)], "value": [person.said]})
    pq.write_table(table, person.folder / "drill.parquet")


def leave_marks(person: InventedPerson) -> None:
    """Be searched for, read, told of, and handed to another system."""
    customer, colleague = person.customer, person.colleague
    SavedView.objects.create(
        object_key="customers",
        name=person.name[:80],
        parameters={"q": person.phone},
        owner=colleague,
        **person.stamps,
    )
    run = BulkRun.objects.create(
        object_key="customers",
        action_key="note",
        values={"note": person.said},
        total_rows=1,
        created_by=colleague,
        **person.stamps,
    )
    BulkRow.objects.create(run=run, row_id=customer.pk, outcome="changed", before={"note": person.said})
    Notification.objects.create(
        user=colleague,
        kind="tasks.assigned",
        params={"title": person.name},
        url=f"/customers/{customer.pk}/",
        **person.stamps,
    )
    BookHandover.objects.create(
        org_unit=person.place,
        from_user=colleague,
        rule="one",
        recipients=[colleague.pk],
        holdings=[],
        note=person.said,
        **person.stamps,
    )
    Look.objects.create(user=colleague, customer_id=customer.pk, looked_at=person.now)
    Read.objects.create(user=colleague, kind=Kind.CUSTOMER, record_id=customer.pk, read_at=person.now)
    rule = AlarmRule.objects.create(
        code=f"drill-{person.place.pk}",
        name_zh="演练",
        name_en="Drill",
        kinds=[Kind.CUSTOMER],
        measure=AlarmRule.Measure.READS,
    )
    alarm = Alarm.objects.create(
        rule=rule,
        user=colleague,
        customer=customer,
        number=1,
        window_began_at=person.now,
        window_ended_at=person.now,
        **person.stamps,
    )
    AlarmStep.objects.create(alarm=alarm, state="examined", note=person.said, **person.stamps)
    _be_a_lead(person)


def _be_a_lead(person: InventedPerson) -> None:
    """Be somebody's lead, and be named in words about where another came from."""
    others = Customer.objects.filter(places__org_unit=person.place, merged_into=None)
    for customer in (person.customer, others.exclude(pk=person.customer.pk)[0]):
        lead = Lead.objects.create(
            stage_at=person.now,
            org_unit=person.place,
            customer=customer,
            source="referral",
            source_detail=person.said[:120],
            next_step=person.said[:120],
            next_step_date=date(2020, 1, 1),
            consultant=person.colleague,
            **person.stamps,
        )
        LeadDispute.objects.create(lead=lead, claim=person.said, reason=person.name, **person.stamps)


def be_registered(person: InventedPerson) -> None:
    """Recommend somebody, be registered by a broker before and at the visit, and be disputed in words."""
    about = {"org_unit": person.place, **person.stamps}
    project = Project.objects.get(org_unit=person.place, code=f"D{person.place.pk}")
    day = localdate(person.now)
    partner = Partner.objects.create(kind="referral", name=person.said[:80], active_from_date=day, **about)
    broker = Broker(
        partner=partner, name=person.name, customer=person.customer, active_from_date=day, **about
    )
    broker.phone = person.phone
    broker.save()
    by = {"project": project, "partner": partner, "broker": broker, **about}
    for customer in (person.customer, None):
        number = whole_number(person.phone if customer else person.second_phone)
        row = ChannelRegistration(
            customer=customer,
            customer_name=person.name,
            masked_index=number.masked_index,
            phone_index=number.index,
            planned_date=day,
            protected_until_at=person.now,
            way="link",
            notice_version=1,
            legal_basis="consent",
            **by,
        )
        row.phone = number.text
        row.save()
    RegistrationConflict.objects.create(
        project=project, customer=person.customer, claim=person.said[:300], **about
    )
    CommissionSheet.objects.create(
        partner=partner,
        number=1,
        author=person.colleague,
        editor=person.colleague,
        returned_because=person.said[:500],
        **about,
    )


def be_heard_by_the_radar(person: InventedPerson) -> None:
    """Be named in what somebody wrote about an alarm of a group complaint."""
    RadarAlarm.objects.create(
        org_unit=person.place,
        project=Project.objects.get(org_unit=person.place, code=f"D{person.place.pk}"),
        topic="渗漏",
        state="dismissed",
        reason="handled",
        note=person.said,
        raised_at=person.now,
        first_date=localdate(person.now),
        last_date=localdate(person.now),
        window_days=8,
        households=3,
        expected=0.1,
        score=5.5,
        limit=5.2,
        **person.stamps,
    )


def be_in_an_incident(person: InventedPerson) -> None:
    """Have their data taken, and be named in what is written about that."""
    incident = Incident.objects.create(
        org_unit=person.place,
        title=person.name,
        account=person.said,
        found_at=person.now,
        persons_due_at=person.now,
        reported_by=person.colleague,
        **person.stamps,
    )
    IncidentStep.objects.create(incident=incident, what="note", note=person.said, **person.stamps)
    colleague = person.colleague
    NoticeLetter.objects.create(
        incident=incident, cause=person.said, author=colleague, editor=colleague, **person.stamps
    )
    AffectedPerson.objects.create(
        incident=incident,
        customer=person.customer,
        seen=1,
        first_at=person.now,
        last_at=person.now,
        **person.stamps,
    )


def be_answered(person: InventedPerson) -> None:
    """Stand in answers: ours to a program, another system's to a webhook."""
    answer = IdempotencyKey(
        user_id=person.colleague.pk,
        key=f"drill-{person.place.pk}",
        fingerprint=b"drill",
        status=201,
        **person.stamps,
    )
    answer.body = person.said
    answer.save()
    endpoint = Endpoint.objects.create(
        org_unit=person.place,
        owner=person.colleague,
        name="演练",
        url="https://hearth.invalid/",
        state=Endpoint.State.PAUSED,
        after_transaction=0,
        after_position=0,
        **person.stamps,
    )
    event = EventRecord.objects.filter(customer_id=person.customer.pk).order_by("position")[0]
    delivery = Delivery.objects.create(
        endpoint=endpoint,
        event_id=event.id,
        event_type=event.type,
        event_occurred_at=event.occurred_at,
        state=Delivery.State.DELIVERED,
        due_at=person.now,
        finished_at=person.now,
        **person.stamps,
    )
    attempt = Attempt(delivery=delivery, status=200, seconds=0.1, **person.stamps)
    attempt.answer = person.said
    attempt.save()
