"""Texts that were drafted and signed before the second migration hold on as they were."""

import json
from hashlib import sha256
from importlib import import_module

import pytest
from django.db import connection

from hearth.contract_texts.facts import facts_of
from hearth.contract_texts.models import ContractText, TextClause
from hearth.contract_texts.services import contract_of, draft_text
from hearth.organization.models import OrgUnit
from tests.contract_texts.builders import (
    NOW,
    TODAY,
    codes,
    make_approved,
    make_co_owner,
    make_drafter,
    make_given,
    make_signed,
    make_sold,
    make_template,
    make_text,
)
from tests.customers.builders import make_customer
from tests.exports.builders import actor_of

pytestmark = pytest.mark.django_db
MIGRATION = import_module("hearth.contract_texts.migrations.0002_signed_before")


def former_digest(text: ContractText) -> str:
    """The checksum of the record as it was taken at first: the buyers in the order of their keys, and these keys."""
    contract = contract_of(text)
    facts = facts_of(contract)
    buyers = sorted(facts.buyers, key=lambda each: (each.pk != contract.customer_id, each.pk))
    values = {**facts.values, "buyer": "、".join(each.name for each in buyers)}
    keys = sorted(str(each.pk) for each in buyers)
    said = json.dumps([values, list(facts.instalments), keys], ensure_ascii=False, sort_keys=True)
    return sha256(said.encode()).hexdigest()


def test_a_checksum_that_held_the_keys_of_the_buyers_still_holds(company: OrgUnit) -> None:
    contract = make_sold(company)
    for name in ("赵六", "李小红"):
        make_co_owner(make_customer(company, name=name), contract)
    text = make_text(company, contract=contract)
    ContractText.objects.filter(pk=text.pk).update(facts_digest=former_digest(text))
    text.refresh_from_db()

    before = codes(text)
    make_co_owner(make_customer(company, name="王五"), contract)

    assert (before, codes(text)) == ([], ["stale"])


def test_of_versions_that_were_signed_the_migration_keeps_the_last(company: OrgUnit) -> None:
    contract, drafter = make_sold(company), actor_of(make_drafter(company))
    make_approved(make_template(company, kind="supplement", title="补充协议"))
    first, last = (make_signed(company, contract=contract) for _number in range(2))
    alone = make_signed(company, contract=make_sold(company))
    added = draft_text(contract, kind="supplement", actor=drafter, now=NOW)
    given = {"given_at": NOW, "digest": "1", "check_code": "1", "signed_date": TODAY}
    ContractText.objects.filter(pk=added.pk).update(state="signed", **given)
    ContractText.objects.filter(pk=first.pk).update(state="signed", superseded_at=None)

    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.END_EARLIER)

    first.refresh_from_db()
    states = dict(ContractText.objects.values_list("pk", "state"))
    assert (first.superseded_at, first.signed_date) == (last.updated_at, TODAY)
    assert states == {
        first.pk: "superseded",
        last.pk: "signed",
        alone.pk: "signed",
        added.pk: "signed",
    }


def test_clauses_without_words_say_so_in_texts_that_were_not_given(company: OrgUnit) -> None:
    draft, given = make_text(company), make_given(company, contract=make_sold(company))
    TextClause.objects.filter(heading="其他约定").update(wording="", standard="")
    before = set(draft.clauses.exclude(heading="其他约定").values_list("wording", "standard"))

    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.SAY_NONE)

    free = draft.clauses.get(heading="其他约定")
    assert (free.wording, free.standard) == ("无。", "无。")
    assert given.clauses.get(heading="其他约定").wording == ""
    assert set(draft.clauses.exclude(heading="其他约定").values_list("wording", "standard")) == before
