"""One line of the invented register."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as one clerk wrote them down; `person` is who it truly is, `slip` what went wrong."""

    number: int
    person: int
    name: str
    sex: str
    birth_date: date | None
    identity_number: str
    phones: tuple[str, ...]
    email: str
    address: str
    household: int | None
    slip: str = ""
