"""What is repaired in the home of the invented person and in that of another, in words and files that name them."""

from pathlib import Path

from django.core.files.base import ContentFile

from hearth.cases.models import Case
from hearth.cases.services import NewCase, write_cases
from hearth.core.models import StoredFile
from hearth.customers.models import Customer
from hearth.demo.drilling.person import ACTOR, InventedPerson
from hearth.imports.files import store
from hearth.properties.models import Unit
from hearth.repairs.models import RepairOrder, RepairPhoto, RepairVisit, SignOff
from hearth.repairs.services import NewRepair, order_repair


def have_repaired(person: InventedPerson) -> None:
    """Have the own home repaired, with photo and signature; and be named in a repair at another's."""
    home = Unit.objects.filter(org_unit=person.place).select_related("org_unit").order_by("number")[0]
    stranger = Customer.objects.filter(places__org_unit=person.place, merged_into=None)
    other = stranger.exclude(pk=person.customer.pk)[0]
    for customer in (person.customer, other):
        _repair(home, customer, person)


def _repair(home: Unit, customer: Customer, person: InventedPerson) -> None:
    case = NewCase(
        org_unit_id=person.place.pk,
        kind=Case.Kind.REPAIR,
        title="演练",
        body="演练",
        channel="phone",
        opened_at=person.now,
        customer_id=customer.pk,
        unit_id=home.pk,
    )
    row = write_cases([case], actor=ACTOR, now=person.now)[0]
    new = NewRepair(home, "roof", person.said, contractor=person.name)
    order = order_repair(row, new, actor=ACTOR, now=person.now)
    RepairOrder.objects.filter(pk=order.pk).update(
        state=RepairOrder.State.CANCELLED, cancelled_because=person.said, engineer=person.colleague
    )
    about = {"org_unit": person.place, **person.stamps}
    visit = RepairVisit.objects.create(
        order=order,
        key=order.pk,
        engineer=person.colleague,
        came_at=person.now,
        note=person.said,
        is_finished=True,
        **about,
    )
    is_own = customer == person.customer
    if is_own:
        RepairPhoto.objects.create(visit=visit, moment="before", stored=_file(person), **about)
    SignOff.objects.create(
        order=order,
        signer=SignOff.Signer.OWNER,
        name=person.name,
        drawing=_file(person) if is_own else None,
        signed_at=person.now,
        **about,
    )


def _file(person: InventedPerson) -> StoredFile:
    content = ContentFile(person.said.encode(), name=f"{person.name}.png")
    stored = store(content, name=f"{person.name}.png", now=person.now)
    person.files.append(Path(stored.file.path))
    return stored
