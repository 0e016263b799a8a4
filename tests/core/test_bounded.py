"""Questions that may take long are answered in time or not at all."""

import pytest
from django.db import ProgrammingError, connection

from hearth.core.bounded import TookTooLong, within

pytestmark = pytest.mark.django_db


def ask(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()


def test_a_question_is_stopped_when_its_time_is_over() -> None:
    with pytest.raises(TookTooLong), within(0.05):
        ask("SELECT pg_sleep(5)")

    assert ask("SELECT 1") == (1,)
    assert ask("SHOW statement_timeout") == ("0",)


def test_what_comes_after_a_quick_answer_has_its_own_time() -> None:
    with within(0.5):
        inside = ask("SHOW statement_timeout")

    assert (inside, ask("SHOW statement_timeout")) == (("500ms",), ("0",))


def test_a_question_that_makes_no_sense_is_not_called_slow() -> None:
    with pytest.raises(ProgrammingError), within(1):
        ask("SELECT nothing_of_the_kind")
