"""Where a right holds, and where two hold together."""

import pytest

from hearth.core.actor import Actor, Scope

HERE, THERE = Scope(org_unit_ids=frozenset({1, 2})), Scope(org_unit_ids=frozenset({2, 3}))


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (HERE, THERE, Scope(org_unit_ids=frozenset({2}))),
        (Scope.EVERYWHERE, HERE, HERE),
        (HERE, Scope.EVERYWHERE, HERE),
        (Scope.EVERYWHERE, Scope.EVERYWHERE, Scope.EVERYWHERE),
        (HERE, Scope.NOWHERE, Scope.NOWHERE),
        (Scope.EVERYWHERE, Scope.NOWHERE, Scope.NOWHERE),
    ],
)
def test_two_rights_hold_together_where_both_do(one: Scope, other: Scope, both: Scope) -> None:
    assert one.within(other) == both


def test_a_confined_actor_keeps_every_other_right() -> None:
    actor = Actor(7, "li", {"see": HERE, "export": THERE, "change": HERE})

    confined = actor.confined("see", to="export")

    assert confined.scope("see").org_unit_ids == {2}
    assert (confined.scope("change"), confined.user_id) == (HERE, 7)
    assert not actor.confined("see", to="fly").can("see")


def test_the_installation_itself_is_confined_by_nothing() -> None:
    assert Actor.system("test").confined("see", to="export").scope("see") == Scope.EVERYWHERE
