"""Every column that judges a person is a registered score, which is explained and forgotten, or says why it is none."""

import re
from collections.abc import Iterator

import pytest

from hearth.audit.coverage import exemptions as computed_tables
from hearth.core.extracts import extracts
from hearth.core.profiling import explain_scores, no_scores, scored_tables, scores, traces_of_scores
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.customers.builders import NOW, make_customer
from tests.gates.test_foreign_keys import list_own_models
from tests.insight.builders import make_run, make_scored

LOOKS_LIKE_A_SCORE = re.compile(
    r"score|tier|stage|propens|likel|probab|predict|lifetime|churn|recency|frequency|monetary|portfolio|risk|rank"
    r"|rating|grade|_class|weight"
)
# What each trace takes back; a new place to which scores are copied, or where people are chosen by them, adds one.
TRACES = {"warehouse.snapshots", "segments.members", "campaigns.audiences", "insight.profiles"}


def suspicious_columns() -> Iterator[str]:
    """Yield the columns of rows of a customer that were computed, or whose name says that they judge."""
    for model in list_own_models():
        fields = [field for field in model._meta.local_fields if field.related_model is not Customer]
        if model is not Customer and len(fields) == len(model._meta.local_fields):
            continue
        is_computed = model._meta.db_table in computed_tables
        for field in fields:
            if not field.primary_key and (is_computed or LOOKS_LIKE_A_SCORE.search(field.name)):
                yield f"{model._meta.label}.{field.name}"


def test_every_column_that_may_judge_a_person_is_a_score_or_says_why_not() -> None:
    scored = {column for score in scores.values() for column in score.columns}

    suspicious = set(suspicious_columns())
    assert suspicious - scored - set(no_scores) == set(), "register_score or no_score (hearth.core.profiling)"
    assert scored & set(no_scores) == set()
    assert (scored | set(no_scores)) - suspicious == set()
    assert [column for column, because in no_scores.items() if len(because) < 10] == []


def test_every_table_of_the_warehouse_with_a_score_is_one_of_scores() -> None:
    names = {column.rsplit(".", 1)[1] for score in scores.values() for column in score.columns}
    showing = {
        extract.name
        for extract in extracts.values()
        if extract.customer_column and names & (set(extract.columns) - {"homes", "frequency"})
    }

    assert showing == scored_tables()


def test_what_is_copied_or_chosen_by_scores_is_taken_back() -> None:
    order = list(traces_of_scores)

    assert set(order) == TRACES
    assert order.index("segments.members") < order.index("campaigns.audiences")


@pytest.mark.django_db
def test_every_score_explains_itself_in_both_languages(company: OrgUnit) -> None:
    customer = make_customer(company)
    make_scored(customer, make_run(NOW), tier="top", amount=6_000_000)

    figures = explain_scores(customer.pk)

    columns = {column.rsplit(".", 1)[1] for score in scores.values() for column in score.columns}
    # The last two hold what the others were decided by, and are shown with them.
    assert {figure.code for figure in figures} == columns - {"contacts", "explanation"}
    assert [figure.code for figure in figures if not (figure.label and figure.value and figure.why)] == []
    assert {(figure.computed_at, figure.rules_of_at) for figure in figures} == {(NOW, NOW)}
