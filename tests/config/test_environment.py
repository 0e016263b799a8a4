"""Reading what the environment says."""

import pytest

from hearth.config.environment import database


def test_a_connection_says_in_which_role_and_with_how_many_helpers_it_works() -> None:
    settings = database("postgres://me:secret@db:5433/hearth", role="hearth_app", helpers="0")

    assert settings["OPTIONS"] == {
        "options": "-c timezone=UTC -c role=hearth_app -c max_parallel_workers_per_gather=0"
    }
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db", "5433", "hearth")


def test_without_a_wish_the_server_decides() -> None:
    assert database("postgres:///hearth?host=/run")["OPTIONS"] == {"options": "-c timezone=UTC"}


def test_another_kind_of_address_is_refused() -> None:
    with pytest.raises(ValueError, match="postgres://"):
        database("mysql://db/hearth")
