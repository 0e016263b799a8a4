"""The family as a small picture: parents above, spouse beside, children below; plain numbers for the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from hearth.customers.models import Customer
from hearth.families.selectors import Relative

WIDTH, BOX_WIDTH, BOX_HEIGHT, ROW = 300, 88, 34, 64
MARGIN = 2
MOST_IN_A_ROW = 3
LONGEST_NAME = 6


@dataclass(frozen=True)
class Box:
    """One person in the picture: the corner of the box, its middle, and the words in it."""

    customer: Customer
    word: str
    x: int
    y: int

    @property
    def name(self) -> str:
        name = self.customer.name
        return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"

    @property
    def middle(self) -> int:
        return self.x + BOX_WIDTH // 2

    @property
    def name_line(self) -> int:
        return self.y + 15

    @property
    def word_line(self) -> int:
        return self.y + 28


@dataclass(frozen=True)
class Line:
    """A line between two boxes."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True)
class Picture:
    """What the template draws; `left_out` people found no room."""

    centre: Box
    boxes: Sequence[Box]
    lines: Sequence[Line]
    height: int
    left_out: int
    width: int = WIDTH
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def draw_family(customer: Customer, relatives: Sequence[Relative]) -> Picture | None:
    """Return the picture of a customer's present family, or None where none is known."""
    present = [relative for relative in relatives if not relative.is_over]
    parents = [each for each in present if each.kind == "parent" and not each.is_reversed]
    children = [each for each in present if each.kind == "parent" and each.is_reversed]
    spouses = [each for each in present if each.kind == "spouse"]
    if not (parents or children or spouses):
        return None
    middle = ROW if parents else 0
    centre_x = _spread(2 if spouses else 1)[0]
    centre = Box(customer, "", centre_x, middle)
    above = _row(parents, 0)
    beside = [Box(each.customer, each.word, _spread(2)[1], middle) for each in islice(spouses, 1)]
    below = _row(children, middle + ROW)
    lines = [Line(box.middle, BOX_HEIGHT, centre.middle, middle) for box in above]
    lines += [
        Line(centre.x + BOX_WIDTH, middle + BOX_HEIGHT // 2, box.x, middle + BOX_HEIGHT // 2)
        for box in beside
    ]
    lines += [Line(centre.middle, middle + BOX_HEIGHT, box.middle, box.y) for box in below]
    boxes = [*above, *beside, *below]
    height = middle + (ROW if children else 0) + BOX_HEIGHT + MARGIN
    left_out = len(parents) + len(children) + len(spouses) - len(boxes)
    return Picture(centre, boxes, lines, height, left_out)


def _row(relatives: Sequence[Relative], y: int) -> list[Box]:
    shown = relatives[:MOST_IN_A_ROW]
    places = _spread(len(shown))
    return [Box(each.customer, each.word, x, y) for each, x in zip(shown, places, strict=True)]


def _spread(count: int) -> list[int]:
    """Return where boxes begin that stand evenly in a row."""
    if count == 0:
        return []
    step = WIDTH / count
    return [round(step * (place + 0.5) - BOX_WIDTH / 2) for place in range(count)]
