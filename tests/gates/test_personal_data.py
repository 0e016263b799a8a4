"""Every table says how it gives out and erases what it holds of a person, or why it holds nothing."""

from hearth.core.personal_data import exemptions, holders
from hearth.customers.following import followings
from tests.gates.test_foreign_keys import list_own_models


def test_every_table_says_what_it_holds_of_a_person() -> None:
    covered = {model._meta.label for holder in holders.values() for model in holder.models}

    own = {model._meta.label for model in list_own_models()}
    assert sorted(own - covered - set(exemptions)) == [], "say it in the app's module personal_data"
    assert sorted(covered & set(exemptions)) == []
    assert sorted((covered | set(exemptions)) - own) == []


def test_a_table_with_a_column_that_names_a_customer_is_no_exemption() -> None:
    naming = {following.model._meta.label for following in followings.values()}

    # A rule and the id of a record; the proof of an erasure itself.
    assert naming & set(exemptions) == {"vigilance.Alarm", "privacy.Erasure"}


def test_no_table_is_erased_twice() -> None:
    models = [model._meta.label for holder in holders.values() for model in holder.models]

    assert sorted(models) == sorted(set(models))


def test_every_exemption_gives_a_reason() -> None:
    assert [label for label, because in exemptions.items() if len(because) < 10] == []
