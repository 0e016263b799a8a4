"""Making a register of a size: families, and those of their people who were entered again."""

from collections.abc import Iterator
from dataclasses import dataclass

from hearth.demo.city.dice import Dice
from hearth.demo.register.families import make_family
from hearth.demo.register.records import Entry
from hearth.demo.register.slips import write_again

AGAIN, THIRD_TIME = 0.14, 0.15
MOST_MEMBERS = 5


@dataclass(frozen=True)
class Register:
    """The entries in no order that tells anything."""

    entries: list[Entry]

    def true_persons(self) -> dict[int, int]:
        """Tell for each entry's number who it is."""
        return {entry.number: entry.person for entry in self.entries}


def make_register(size: int, *, seed: int = 1) -> Register:
    """Invent `size` entries of families, about one person in seven entered twice and some three times.

    The same size and seed give the same register. Families share phones and addresses, some have twins with matching
    names, phones pass from one holder to another; second entries are misspelt by sound and by shape, have digits
    wrong or swapped, a courtesy instead of a name, fields left out, moved homes and changed names.
    """
    dice = Dice(20_260_101, seed)
    entries: list[Entry] = []
    for family in _families(dice):
        entries.extend(family)
        if len(entries) >= size:
            break
    order = dice.shuffled(range(size))
    return Register([entries[place] for place in order])


def _families(dice: Dice) -> Iterator[list[Entry]]:
    number, following = 0, 1
    while True:
        members, address = make_family(number, following, dice)
        following += MOST_MEMBERS
        again: list[Entry] = []
        for member in members:
            has_sign = member.phones or member.birth_date or member.email or member.address
            turns = 0 if not has_sign or not dice.chance(AGAIN) else 2 if dice.chance(THIRD_TIME) else 1
            for turn in range(turns):
                # Numbers of second entries count down, those of first entries are the persons'.
                again.append(write_again(member, -(following * 8 + len(again)), 2 + turn, address, dice))
        yield [*members, *again]
        number += 1
