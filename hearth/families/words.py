"""Words for the codes of needs and relationships."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.customers.words import Words

MOTIVES: Words = {
    "own_household": _("a household of one's own"),
    "marriage": _("marriage"),
    "schooling": _("children's schooling"),
    "more_room": _("more room"),
    "with_parents": _("living with the parents"),
    "health": _("health and old age"),
    "nearer_work": _("nearer to work"),
    "standing": _("standing"),
    "assets": _("keeping assets"),
}
VALUE_ELEMENTS: Words = {
    "novelty": _("novelty"),
    "performance": _("performance"),
    "customisation": _("customisation"),
    "design": _("design"),
    "brand": _("brand"),
    "price": _("price"),
    "accessibility": _("accessibility"),
    "usability": _("usability"),
    "convenience": _("convenience"),
}
# What each is called on the page of the other: the parent on the child's page, the child on the parent's page.
DIRECTIONS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "spouse": (_("spouse"), _("spouse")),
    "parent": (_("parent"), _("child")),
    "referrer": (_("referred by"), _("referred")),
    "decision_maker": (_("decision maker"), _("decides for")),
    "payer": (_("payer"), _("pays for")),
    "agent": (_("agent"), _("acts for")),
    "contact": (_("contact"), _("company")),
}
SYMMETRIC = frozenset({"spouse"})


def direction_word(kind: str, *, is_reversed: bool) -> str:
    """Return what somebody is called by the other: `is_reversed` where the other is the parent, payer, …"""
    return str(DIRECTIONS[kind][is_reversed])
