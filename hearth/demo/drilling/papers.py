"""What the invented person reads and confirms before they sign."""

from pathlib import Path

from django.utils.timezone import localdate

from hearth.contract_texts.facts import digest_of_words
from hearth.contract_texts.models import (
    ClauseConfirmation,
    ContractTemplate,
    ContractText,
    TemplateClause,
    TextClause,
    TextReading,
)
from hearth.contract_texts.services import print_text
from hearth.demo.drilling.person import InventedPerson
from hearth.sales.models import Contract


def read_a_contract(person: InventedPerson) -> None:
    """Read the text of a contract that names the person, on paper too, and confirm it."""
    about = {"org_unit": person.place, **person.stamps}
    by = {"author": person.colleague, "editor": person.colleague, **about}
    contract = Contract.objects.filter(customer=person.customer).order_by("-id")[0]
    template = ContractTemplate.objects.create(
        kind="contract", version=1, title=person.name, in_force_date=localdate(person.now), **by
    )
    origin = TemplateClause.objects.create(
        template=template, position=1, heading=person.name, wording=person.said, **about
    )
    text = ContractText.objects.create(
        contract=contract,
        template=template,
        kind="contract",
        version=1,
        title=person.name,
        state="given",
        facts_digest="0" * 64,
        digest=digest_of_words(person.name, [(person.name, person.said)], []),
        check_code="0000-0000-0000",
        given_at=person.now,
        returned_because=person.name,
        **by,
    )
    clause = TextClause.objects.create(
        text=text,
        origin=origin,
        position=1,
        heading=person.name,
        wording=person.said,
        standard=person.said,
        because=person.name,
        is_confirmed_singly=True,
        **about,
    )
    reading = TextReading.objects.create(
        text=text,
        customer=person.customer,
        confirmed_at=person.now,
        how="desk",
        proof=person.name,
        **about,
    )
    ClauseConfirmation.objects.create(
        reading=reading, clause=clause, how="desk", proof=person.name, digest="0" * 64, **about
    )
    person.files.append(_printed(text, person))


def _printed(text: ContractText, person: InventedPerson) -> Path:
    return Path(print_text(text, now=person.now).file.path)
