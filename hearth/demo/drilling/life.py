"""What the invented person does: belong to others, buy, talk."""

import secrets
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from hearth.cases.causes import sync_causes
from hearth.cases.models import CallBack, Case, CasePause, CaseSignal, Cause, Escalation
from hearth.cases.services import NewCase, Settled, note_cost, settle_case, write_cases
from hearth.cases.services.accounts import Account
from hearth.channels.models import Message
from hearth.channels.services.composing import write_contact
from hearth.channels.services.interactions import NewInteraction
from hearth.contract_changes.models import ApprovalStep, ChangeRequest
from hearth.customers.models import ContactPoint, Customer, CustomerProfile, DuplicatePair, UnitRole
from hearth.customers.services import (
    NewCustomer,
    NewUnitRole,
    assign_unit_roles,
    create_customer,
    form_household,
    merge_customers,
    reveal_contact_point,
)
from hearth.demo.drilling.person import ACTOR, InventedPerson
from hearth.families.models import NeedProfile, Relationship
from hearth.group_cases.models import (
    Commitment,
    GroupCase,
    GroupHousehold,
    GroupReview,
    GroupStep,
    PlanStep,
    PreventiveCheck,
)
from hearth.group_cases.plans import sync_plan
from hearth.group_cases.services import (
    NewMeeting,
    attend_meeting,
    note_negotiation,
    note_sign,
    open_group_case,
    plan_meeting,
    take_out_household,
    write_statement,
)
from hearth.inventory.models import Hold, PriceList, QueueEntry, ReleaseBatch, UnitPrice
from hearth.privacy.services import NewConsent, check_identity, receive_request, record_consents
from hearth.promises.models import (
    Acknowledgement,
    AdverseFactor,
    Disclosure,
    Posting,
    Promise,
    PromiseOutcome,
)
from hearth.properties.models import Building, Project, Unit
from hearth.sales.models import Contract, SettlementLine
from hearth.sales.services import (
    NewLoan,
    begin_loan,
    end_loan,
    file_contract,
    make_plan,
    receive_payment,
    replace_plan,
    sign_contract,
)
from hearth.sales.terms import NewInstalment, NewPlan
from hearth.tasks.models import Task


def be_a_customer(person: InventedPerson) -> None:
    """Give the person a household, a past, and a record that was merged."""
    customer, place, now = person.customer, person.place, person.now
    other = create_customer(
        NewCustomer(name=person.name, phones=(person.second_phone,)),
        org_unit=place,
        actor=ACTOR,
        now=now,
        accepts_duplicates=True,
    )
    relative = create_customer(
        NewCustomer(name=f"演练亲属{secrets.token_hex(3)}"), org_unit=place, actor=ACTOR, now=now
    )
    form_household([customer, relative], actor=ACTOR, now=now, name=f"{person.name}一家")
    first, second = sorted([customer, relative], key=lambda row: row.pk)
    DuplicatePair.objects.create(first=first, second=second, score=0.9, reasons=[], **person.stamps)
    merge_customers(customer, [other], actor=ACTOR, now=now)
    customer.refresh_from_db()
    point = ContactPoint.objects.filter(customer=customer).order_by("id")[0]
    reveal_contact_point(point, reason=f"回访{person.name}", actor=ACTOR, now=now)
    CustomerProfile.objects.create(
        customer=customer, scored_at=now, owner_stage="potential", value_tier="gold", portfolio_action="keep"
    )
    NeedProfile.objects.create(customer=customer, purpose="upgrade", note=person.said, **person.stamps)
    Relationship.objects.create(customer=customer, other=relative, kind="payer", **person.stamps)
    new = NewConsent(
        *(customer.pk, "marketing", "sms", "given", person.name),
        evidence=person.phone,
        evidence_file=_paper(person),
    )
    [consent] = record_consents([new], actor=ACTOR, now=now)
    if consent.evidence_file:
        person.files.append(Path(consent.evidence_file.file.path))
    request = receive_request(
        customer, kind="erasure", wish=person.said, came_by="desk", actor=ACTOR, now=now
    )
    check_identity(request, how=person.said, actor=ACTOR, now=now)


def _paper(person: InventedPerson) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{person.name}.pdf", b"%PDF-1.7 " + person.said.encode())


def buy(person: InventedPerson) -> None:
    """Give the person a home with a contract, and one they only rent."""
    project = Project.objects.create(
        org_unit=person.place, code=f"D{person.place.pk}", name="演练家园", **person.stamps
    )
    building = Building.objects.create(project=project, name="1栋", **person.stamps)
    homes = [
        Unit.objects.create(
            org_unit=person.place,
            project=project,
            building=building,
            number=number,
            list_price_amount=Decimal(1_000_000),
            address_tokens=[],
            **person.stamps,
        )
        for number in ("0101", "0102")
    ]
    roles = [
        NewUnitRole(customer_id=person.customer.pk, unit_id=homes[0].pk, role=UnitRole.Role.BUYER),
        NewUnitRole(customer_id=person.customer.pk, unit_id=homes[1].pk, role=UnitRole.Role.TENANT),
    ]
    assign_unit_roles(roles, actor=ACTOR, now=person.now)
    contract = sign_contract(
        homes[0],
        actor=ACTOR,
        customer=person.customer,
        number=f"D{person.place.pk}",
        signed_date=date(2020, 1, 1),
        total_amount=Decimal(1_000_000),
        now=person.now,
    )
    contract.custom = {"remark": person.said}
    contract.save()
    receive_payment(
        contract,
        actor=ACTOR,
        receipt_number=f"D{person.place.pk}",
        paid_date=date(2020, 1, 2),
        amount=Decimal(1_000),
        now=person.now,
    )
    whole = NewPlan("演练", "once", (NewInstalment("whole", Decimal(1_000_000), date(2020, 1, 1)),))
    make_plan(contract, whole, actor=ACTOR, now=person.now)
    replace_plan(contract, actor=ACTOR, plan=whole, reason=person.name, now=person.now)
    asked = NewLoan("演练银行", "commercial", Decimal(1_000), date(2020, 1, 2))
    loan = begin_loan(contract, asked, actor=ACTOR, now=person.now)
    end_loan(loan, because=person.name, actor=ACTOR, now=person.now)


def change_a_contract(person: InventedPerson) -> None:
    """File a contract and keep a part of its money, and ask for a change of it with words that name the person."""
    signed = Contract.objects.filter(customer=person.customer).order_by("-id")[0]
    contract = file_contract(
        signed, actor=ACTOR, filing_number="演练", filed_date=signed.signed_date, now=person.now
    )
    about = {"org_unit": person.place, **person.stamps}
    SettlementLine.objects.create(contract=contract, kind="penalty", amount=1, **about)
    request = ChangeRequest.objects.create(
        contract=contract,
        kind="discount",
        reason=person.said,
        author=person.colleague,
        asked_version=contract.version,
        said_before={"total": "1"},
        said_after={"total": "1"},
        difference_amount=0,
        lapses_at=person.now,
        **about,
    )
    ApprovalStep.objects.create(
        request=request, position=1, place=person.place, comment=person.name, state="waiting", **about
    )


def be_on_sale(person: InventedPerson) -> None:
    """Hold a home of a batch, and wait in its queue."""
    unit = Unit.objects.filter(org_unit=person.place).order_by("-number")[0]
    by = {"author": person.colleague, "editor": person.colleague, **person.stamps, "org_unit": person.place}
    batch = ReleaseBatch.objects.create(project_id=unit.project_id, name="演练", **by)
    prices = PriceList.objects.create(batch=batch, base_amount=1, valid_from_date=localdate(person.now), **by)
    about = {"org_unit": person.place, **person.stamps}
    price = UnitPrice.objects.create(
        price_list=prices, unit=unit, floor_area=1, per_area_amount=1, total_amount=1, **about
    )
    Hold.objects.create(
        unit=unit, customer=person.customer, user=person.colleague, kind="reservation", price=price, **about
    )
    QueueEntry.objects.create(batch=batch, number=1, customer=person.customer, user=person.colleague, **about)


def be_told(person: InventedPerson) -> None:
    """Acknowledge disclosures that name the person, where they bought and elsewhere, and be promised things."""
    now, about = person.now, {"org_unit": person.place, **person.stamps}
    bought = Unit.objects.filter(org_unit=person.place).order_by("-number")[0].project
    other = Project.objects.create(
        org_unit=person.place, code=f"E{person.place.pk}", name="演练新城", **person.stamps
    )
    by = {"author": person.colleague, "editor": person.colleague, **about}
    for project in (bought, other):
        row = Disclosure.objects.create(
            project=project, kind="adverse_factors", version=1, heading=person.name, body=person.said, **by
        )
        AdverseFactor.objects.create(
            disclosure=row, side="on_site", kind="other", effect=person.said, **about
        )
        Posting.objects.create(
            disclosure=row, place="online", where=person.name, since_date=localdate(now), **about
        )
        Acknowledgement.objects.create(
            disclosure=row,
            customer=person.customer,
            how="signed",
            acknowledged_date=localdate(now),
            proof=person.name,
            **about,
        )
    promise = Promise.objects.create(
        project=other,
        title=person.said[:200],
        wording=person.said,
        source="sales_talk",
        source_detail=person.name,
        audience="public",
        made_date=localdate(now),
        department=person.place,
        is_for_whole_project=True,
        **about,
    )
    PromiseOutcome.objects.create(
        promise=promise, outcome="broken", proof=person.said, said_by=person.colleague, **about
    )


def talk(person: InventedPerson) -> None:
    """Have contacts, a file, a message, a case and a task, own and of others."""
    customer, place, now = person.customer, person.place, person.now
    new = NewInteraction(customer.pk, place.pk, "phone", "inbound", person.said, person.address)
    contact = write_contact(new, actor=ACTOR, now=now, files=[_paper(person)])
    person.files += [Path(row.stored.file.path) for row in contact.attachments.select_related("stored")]
    stranger = Customer.objects.filter(places__org_unit=place, merged_into=None).exclude(pk=customer.pk)[0]
    mention = NewInteraction(stranger.pk, place.pk, "phone", "inbound", f"提到{person.phone}")
    write_contact(mention, actor=ACTOR, now=now)
    message = Message(
        org_unit=place,
        customer=customer,
        channel="email",
        purpose_code="marketing",
        idempotency_key=f"drill:{place.pk}",
        subject=person.name,
        body=person.said,
        unsubscribe_url=f"https://hearth.example/{person.phone}",
        state=Message.State.SENT,
        sent_at=now,
        **person.stamps,
    )
    message.recipient = person.email
    message.save()
    for about in (customer, stranger):
        case = NewCase(
            org_unit_id=place.pk,
            kind=Case.Kind.COMPLAINT,
            title=person.said,
            body=person.address,
            channel="phone",
            opened_at=now,
            customer_id=about.pk,
            account=_account_of(person),
        )
        row = write_cases([case], actor=ACTOR, now=now)[0]
        _note_of(row, person)
        _complain_together(row, person)
        Task.objects.create(
            org_unit=place,
            title=person.said[:200],
            note=person.address,
            assignee=person.colleague,
            customer=about,
            due_date=date(2020, 1, 1),
            **person.stamps,
        )


def _account_of(person: InventedPerson) -> Account:
    """Tell of a matter in words that name the person."""
    return Account(
        spot=person.address,
        persons=person.name,
        course=person.said,
        reason=person.said,
        demand_note=person.phone,
        others=person.name,
    )


def _note_of(case: Case, person: InventedPerson) -> None:
    """Wait for the person, and say why the case is grave."""
    CasePause.objects.create(
        case=case, reason="other", note=person.name, began_at=person.now, **person.stamps
    )
    CaseSignal.objects.create(case=case, what="injury", note=person.name, **person.stamps)
    sync_causes()
    said = Settled(
        person.said, "agreed", Cause.objects.in_use()[0], "contractor", person.name, proof=person.name
    )
    settle_case(case, said, actor=ACTOR, now=person.now)
    note_cost(
        case, kind="gift", amount=Decimal(1), is_charged=False, note=person.name, actor=ACTOR, now=person.now
    )
    CallBack.objects.create(case=case, rating=4, note=person.name, **person.stamps)
    Escalation.objects.create(
        case=case,
        level="city_company",
        because="customer",
        key="drill",
        note=person.name,
        tell_at=person.now,
        due_at=person.now,
        **person.stamps,
    )


def _complain_together(case: Case, person: InventedPerson) -> None:
    """Be part of a complaint of many, whose words name the person."""
    project = Project.objects.get(org_unit=person.place, code=f"D{person.place.pk}")
    group = open_group_case(
        project, actor=ACTOR, cases=[case], title=person.said[:200], demand=person.said, now=person.now
    )
    note_sign(group, actor=ACTOR, what="banners", seen_at=person.now, note=person.name, now=person.now)
    household = GroupHousehold.objects.get(group_case=group)
    write_statement(group, actor=ACTOR, kind="reply", text=person.said, now=person.now)
    new = NewMeeting(person.name, person.now, agenda=person.said, location=person.address[:120])
    meeting = plan_meeting(group, new, actor=ACTOR, now=person.now)
    attend_meeting(meeting, actor=ACTOR, household=household, now=person.now)
    attend_meeting(meeting, actor=ACTOR, name=person.name, now=person.now)
    note_negotiation(group, actor=ACTOR, side="households", text=person.said, now=person.now)
    _learn_from(group, person)
    take_out_household(household, actor=ACTOR, because=person.name, now=person.now)


def _learn_from(group: GroupCase, person: InventedPerson) -> None:
    """Promise, work through the plan, review, and have another look, in words that name the person."""
    sync_plan()
    by, day = {"group_case": group, **person.stamps}, localdate(person.now)
    Commitment.objects.create(what=person.said[:300], due_date=day, **by)
    step = PlanStep.objects.order_by("position", "id")[0]
    GroupStep.objects.update_or_create(
        group_case=group,
        plan_step=step,
        defaults={"due_at": person.now, "note": person.name, **person.stamps},
    )
    GroupReview.objects.create(due_date=day, course=person.said, **by)
    PreventiveCheck.objects.create(
        org_unit=person.place, project=group.project, what=person.said, due_date=day, **by
    )
