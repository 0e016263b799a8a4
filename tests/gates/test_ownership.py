"""Nothing stays with somebody who left because an app forgot to say whose it is."""

from hearth.accounts.models import User
from hearth.core.ownership import holdings, marks
from tests.gates.test_foreign_keys import list_own_models


def list_keys_to_people() -> set[str]:
    """Return every key of ours to a user, such as `cases.Case.assignee`."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in list_own_models()
        for field in model._meta.local_fields
        if field.remote_field and field.related_model is User
    }


def test_every_key_to_a_person_says_whether_the_person_is_in_charge() -> None:
    said = {holding.key for holding in holdings.values()} | set(marks)

    assert sorted(list_keys_to_people() - said) == []


def test_no_app_speaks_of_a_key_that_is_gone_or_says_both() -> None:
    in_charge = {holding.key for holding in holdings.values()}

    assert sorted((in_charge | set(marks)) - list_keys_to_people()) == []
    assert sorted(in_charge & set(marks)) == []


def test_every_mark_gives_a_reason() -> None:
    assert [key for key, reason in marks.items() if len(reason) < 10] == []
