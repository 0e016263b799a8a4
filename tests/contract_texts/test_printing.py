"""Texts on paper: in Chinese, page by page, with checksum and code; what was given is printed once."""

import hashlib
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from hearth.contract_texts.models import ContractText
from hearth.contract_texts.personal_data import erase_texts
from hearth.contract_texts.printing import NotPrintable, typeset
from hearth.contract_texts.services import (
    Written,
    clauses_of,
    give_text,
    print_draft,
    print_text,
    write_text_clause,
)
from hearth.contract_texts.services.printing import PrintGone
from hearth.core.models import StoredFile
from hearth.core.personal_data import Person
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.contract_texts.builders import (
    NOW,
    make_approver,
    make_drafter,
    make_given,
    make_sold,
    make_text,
    path_of,
    reading_of,
)
from tests.exports.builders import actor_of
from tests.organization.builders import make_member, sign_in
from tests.promises.builders import make_promise

pytestmark = pytest.mark.django_db


def words_of(path: Path) -> list[str]:
    """Return the words of each page, without the spaces that setting them makes."""
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(path).pages]


def test_a_given_text_is_on_paper_in_chinese_with_pages_code_and_checksum(company: OrgUnit) -> None:
    contract = make_sold(company)
    make_promise(company, project=contract.unit.project, made_date=contract.signed_date)
    text = make_given(company, contract=contract)

    kept = print_text(text, now=NOW)

    first, annex = words_of(Path(kept.file.path))
    assert "第二条房屋与价款" in first
    assert "人民币贰佰万元整" in first
    assert "1,400,000.00" in first
    assert "会所" in annex
    assert "附件一" in annex
    assert "1/2" in first
    assert "2/2" in annex
    assert text.check_code in first
    assert text.digest[:20] in first
    assert "草稿" not in first


def test_a_draft_is_marked_on_every_page_and_not_kept(company: OrgUnit, tmp_path: Path) -> None:
    contract = make_sold(company)
    make_promise(company, project=contract.unit.project, made_date=contract.signed_date)
    text, path = make_text(company, contract=contract), tmp_path / "draft.pdf"

    path.write_bytes(print_draft(text, now=NOW))

    assert ["草稿" in page for page in words_of(path)] == [True, True]
    assert StoredFile.objects.count() == 0


def test_one_version_is_printed_once_and_its_bytes_stay(company: OrgUnit) -> None:
    text = make_given(company)

    first = print_text(text, now=NOW)
    second = print_text(text, now=NOW.replace(hour=9))

    assert first == second
    assert hashlib.sha256(Path(first.file.path).read_bytes()).hexdigest() == first.sha256
    again = typeset(text, clauses_of(text), number=text.contract.number, at=text.given_at or NOW)
    assert hashlib.sha256(again).hexdigest() == first.sha256


def test_what_stands_in_a_text_is_never_read_as_commands_of_the_typesetter(
    company: OrgUnit, tmp_path: Path
) -> None:
    text, path = make_text(company), tmp_path / "draft.pdf"
    text.clauses.filter(heading="交付").update(wording='#panic("x") $ * _ ] [ \\ #read("/etc/passwd")')

    path.write_bytes(print_draft(text, now=NOW))

    assert '#panic("x")' in "".join(words_of(path))


def test_who_may_see_a_text_saves_it_and_nobody_else(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    given = make_given(company)
    address = reverse("contract_texts:pdf", args=[given.pk])

    sign_in(client, make_approver(company))
    answer = client.get(address)
    sign_in(client, make_drafter(neighbour))
    foreign = client.get(address)
    sign_in(client, make_member(company, "sales.view"))
    without = client.get(address)

    assert (answer.status_code, foreign.status_code, without.status_code) == (200, 404, 403)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content)[:5] == b"%PDF-"  # type: ignore[attr-defined]


def person_of(customer: Customer) -> Person:
    names = frozenset([customer.name])
    return Person(frozenset([customer.pk]), names, names, customer.created_at)


def test_an_erasure_strikes_out_the_name_and_removes_the_print(company: OrgUnit) -> None:
    text = make_given(company)
    kept, customer = print_text(text, now=NOW), reading_of(text).customer
    path = Path(kept.file.path)

    erase_texts(person_of(customer), NOW)

    text = ContractText.objects.get(pk=text.pk)
    assert not path.exists()
    assert text.printed is None
    assert text.digest
    assert not text.clauses.filter(wording__contains="王小明").exists()
    assert not text.clauses.filter(standard__contains="王小明").exists()


def test_what_was_struck_out_is_not_printed_under_the_checksum_that_was_signed(
    client: Client, company: OrgUnit
) -> None:
    text = make_given(company)
    print_text(text, now=NOW)
    erase_texts(person_of(reading_of(text).customer), NOW)

    with pytest.raises(PrintGone):
        print_text(text, now=NOW)
    sign_in(client, make_approver(company))
    asked = client.get(reverse("contract_texts:pdf", args=[text.pk]))
    shown = client.get(asked.headers["Location"]).content.decode()
    by_link = client.get(f"{path_of(text)}/pdf")

    assert asked.headers["Location"] == reverse("contract_texts:text", args=[text.pk])
    assert "打印件已随个人信息" in shown
    assert (by_link.status_code, "%PDF" in by_link.content.decode()) == (410, False)
    assert ContractText.objects.get(pk=text.pk).printed is None


def test_an_erasure_that_strikes_nothing_out_of_the_words_leaves_them_printable(company: OrgUnit) -> None:
    text = make_given(company)
    before = print_text(text, now=NOW).sha256
    customer = reading_of(text).customer
    nameless = Person(frozenset([customer.pk]), frozenset(), frozenset(), customer.created_at)

    erase_texts(nameless, NOW)

    assert print_text(text, now=NOW).sha256 == before


@pytest.mark.parametrize("character", ["😀", "𠮷"])
def test_what_has_no_sign_on_paper_is_refused_before_it_is_given(
    client: Client, company: OrgUnit, character: str
) -> None:
    text, drafter = make_text(company), make_drafter(company)
    clause = text.clauses.get(heading="其他约定")
    write_text_clause(clause, Written(f"祝贺{character}"), actor=actor_of(drafter), now=NOW)

    with pytest.raises(NotPrintable, match=character):
        give_text(text, actor=actor_of(drafter), now=NOW)
    sign_in(client, drafter)
    draft = client.get(reverse("contract_texts:pdf", args=[text.pk]))

    text.refresh_from_db()
    assert (text.state, text.digest, text.readings.count()) == ("draft", "", 0)
    assert draft.headers["Location"] == reverse("contract_texts:text", args=[text.pk])
    assert character in client.get(draft.headers["Location"]).content.decode()
