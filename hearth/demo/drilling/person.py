"""Who is invented, and what names them."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit

ACTOR = Actor.system("privacy drill")


@dataclass
class InventedPerson:
    """The person, their former record, what names them, and the files written for them."""

    place: OrgUnit
    colleague: User
    now: datetime
    name: str
    phone: str
    second_phone: str
    email: str
    identity: str
    address: str
    files: list[Path]
    customer: Customer
    folder: Path

    @property
    def words(self) -> frozenset[str]:
        """What must be found nowhere afterwards."""
        return frozenset({self.name, self.phone, self.second_phone, self.email, self.identity, self.address})

    @property
    def said(self) -> str:
        return f"{self.name} {self.phone}"

    @property
    def stamps(self) -> dict[str, datetime]:
        return {"created_at": self.now, "updated_at": self.now}

    def forget_files(self) -> None:
        """Remove the files; their rows go with the transaction."""
        for path in self.files:
            path.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
