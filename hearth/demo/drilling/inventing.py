"""Writing the invented person into every app.

The caller holds the transaction and takes it back; only files are written outside of it.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from hearth.accounts.models import User
from hearth.customers.services import (
    NewCustomer,
    create_customer,
)
from hearth.demo.drilling.letters import write_mails
from hearth.demo.drilling.life import be_a_customer, be_on_sale, be_told, buy, change_a_contract, talk
from hearth.demo.drilling.marks import (
    be_addressed,
    be_answered,
    be_heard_by_the_radar,
    be_in_an_incident,
    be_in_files,
    be_registered,
    leave_marks,
)
from hearth.demo.drilling.papers import read_a_contract
from hearth.demo.drilling.person import ACTOR, InventedPerson
from hearth.demo.drilling.repairs import have_repaired
from hearth.organization.models import OrgUnit
from hearth.warehouse.manifests import kept_folder

RARE = "燚彧翀翎昶珺珣璟"
Step = Callable[[InventedPerson], Any]
STEPS: tuple[Step, ...] = (
    be_a_customer,
    buy,
    be_on_sale,
    be_told,
    read_a_contract,
    change_a_contract,
    talk,
    have_repaired,
    write_mails,
    be_addressed,
    be_in_files,
    leave_marks,
    be_registered,
    be_heard_by_the_radar,
    be_in_an_incident,
    be_answered,
)


def invent_person(*, now: datetime) -> InventedPerson:
    """Write the person into every app at a place of their own."""
    mark = secrets.token_hex(4)
    number = secrets.randbelow(10**7)
    name = "欧阳" + "".join(secrets.choice(RARE) for _ in range(4))
    place = invent_place(mark)
    phone, second = f"1990{number:07d}", f"1991{number:07d}"
    identity = _identity_number(number % 1_000)
    address = f"演练市{name[2:]}路{number}号"
    email = f"drill-{mark}@example.com"
    new = NewCustomer(
        name=name,
        phones=(phone,),
        emails=(email,),
        addresses=(address,),
        identity_number=identity,
        occupation="演练",
        note=f"{name} {phone}",
        source="walk_in",
    )
    customer = create_customer(new, org_unit=place, actor=ACTOR, now=now, accepts_duplicates=True)
    colleague = User.objects.create(
        username=f"drill-{mark}", display_name="演练", email=f"{mark}@example.com", created_at=now
    )
    person = InventedPerson(
        place,
        colleague,
        now,
        name,
        phone,
        second,
        email,
        identity,
        address,
        [],
        customer,
        kept_folder(uuid4()),
    )
    for step in STEPS:
        step(person)
    return person


def invent_place(mark: str) -> OrgUnit:
    """Write a company of its own, below the group if there is one."""
    group = OrgUnit.objects.filter(parent=None).first()
    if group is None:
        group = OrgUnit.objects.create(
            kind=OrgUnit.Kind.GROUP, name="演练", code=f"drill-group-{mark}", path=f"{mark}/", depth=0
        )
    return OrgUnit.objects.create(
        parent=group,
        kind=OrgUnit.Kind.CITY_COMPANY,
        name="演练公司",
        code=f"drill-{mark}",
        path=f"{group.path}{mark}/",
        depth=group.depth + 1,
    )


def _identity_number(serial: int) -> str:
    """Return a well-formed number of a person who cannot exist: born in a county that was never assigned."""
    body = f"11999919000101{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]
