"""The command palette: what a text finds, and what there is to do at a spot."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.navigation import places_for
from hearth.core.palette import Command, Group, Spot, Words, commands_at, matching
from hearth.core.search import Hit, recall_records, search_everything
from hearth.core.shortcuts import Shortcut, ShortcutSection, shortcut_sections

HITS, COMMANDS, RECENT = 5, 8, 8
COMMANDS_ONLY = ">"
AT_FIRST = (Group.DO, Group.CREATE)


@dataclass(frozen=True)
class PaletteGroup:
    """Some lines of the palette under a heading."""

    label: Words
    commands: Sequence[Command]


def fill_palette(text: str, *, actor: Actor, spot: Spot, opened: Sequence[Spot] = ()) -> list[PaletteGroup]:
    """Return what a text means: records as the search finds them, then commands, both as far as the actor may.

    A text that begins with `>` means commands alone. Without a text come what may be done at the spot, the records
    `opened` last, and what may be created.
    """
    if not text.strip():
        return _at_first(actor, spot, opened)
    groups = []
    wanted = text.strip().removeprefix(COMMANDS_ONLY)
    if wanted == text.strip():
        found = search_everything(text, actor=actor, limit=HITS)
        groups = [PaletteGroup(group.label, [_open(hit) for hit in group.hits]) for group in found]
    for group in Group:
        meant = commands_at(spot, actor, group=group)
        meant = matching(meant, wanted, group=group) if wanted.strip() else meant
        groups.append(PaletteGroup(group.label, meant[:COMMANDS]))
    return [group for group in groups if group.commands]


def _at_first(actor: Actor, spot: Spot, opened: Sequence[Spot]) -> list[PaletteGroup]:
    records = [(each.page, each.record_id) for each in opened if each.record_id != spot.record_id]
    recent = [_open(hit) for hit in recall_records(records, actor)[:RECENT]]
    groups = [PaletteGroup(group.label, commands_at(spot, actor, group=group)) for group in AT_FIRST]
    groups.insert(1, PaletteGroup(_("Opened last"), recent))
    return [group for group in groups if group.commands]


def _open(hit: Hit) -> Command:
    return Command(hit.title, hit.icon, url=hit.url, note=hit.subtitle)


def shortcut_sheet(actor: Actor, spot: Spot) -> list[ShortcutSection]:
    """Return the keys that work at a spot for the actor: everywhere, to places, and on the page itself."""
    shown = [section for section in shortcut_sections.values() if section.is_shown(spot)]
    going = [Shortcut([f"g {place.shortcut}"], place.label) for place in places_for(actor) if place.shortcut]
    here = [
        Shortcut([command.keys], command.label)
        for command in commands_at(spot, actor, group=Group.DO)
        if command.keys
    ]
    sections = [
        ShortcutSection(_("Go to"), going),
        ShortcutSection(_("On this page"), here),
    ]
    return [*shown, *(section for section in sections if section.shortcuts)]
