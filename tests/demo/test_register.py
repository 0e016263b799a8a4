"""The invented register of persons entered more than once."""

from collections import Counter

from hearth.demo.register import Register, make_register
from hearth.lib.contact import normalise_identity_number, normalise_phone

SIZE = 6_000


def by_person(register: Register) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for entry in register.entries:
        found.setdefault(entry.person, []).append(entry.name)
    return found


def test_the_same_seed_gives_the_same_register_and_another_another() -> None:
    assert make_register(500).entries == make_register(500).entries
    assert make_register(500).entries != make_register(500, seed=2).entries


def test_a_register_has_the_size_asked_for_and_tells_who_was_entered_again() -> None:
    register = make_register(SIZE)

    entered = Counter(len(names) for names in by_person(register).values())
    assert len({entry.number for entry in register.entries}) == SIZE
    assert 0.08 < entered[2] / len(by_person(register)) < 0.16
    assert entered[3] > 0


def test_every_value_is_valid_and_belongs_to_nobody() -> None:
    entries = make_register(SIZE).entries

    numbers = [normalise_identity_number(entry.identity_number) for entry in entries if entry.identity_number]
    assert {number.region[2:4] for number in numbers} == {"00"}
    assert {normalise_phone(phone).e164[:6] for entry in entries for phone in entry.phones} == {"+86154"}
    assert {entry.email.partition("@")[2] for entry in entries} <= {"", "example.com"}


def test_two_people_never_have_one_identity_number() -> None:
    holders: dict[str, set[int]] = {}
    for entry in make_register(SIZE).entries:
        holders.setdefault(entry.identity_number, set()).add(entry.person)
    del holders[""]

    assert {len(persons) for persons in holders.values()} == {1}


def test_it_holds_every_trap() -> None:
    register = make_register(SIZE)

    slips = {part for entry in register.entries for part in entry.slip.split()}
    assert slips == {
        "sound", "shape", "missing", "courtesy", "renamed", "wrong", "digit", "swapped", "other",
    }  # fmt: skip
    holders: dict[str, set[int]] = {}
    for entry in register.entries:
        for phone in entry.phones:
            holders.setdefault(phone, set()).add(entry.person)
    assert sum(len(persons) > 1 for persons in holders.values()) > 100
    twins = Counter(
        (entry.phones, entry.birth_date) for entry in register.entries if entry.birth_date and entry.phones
    )
    assert max(twins.values()) > 1
