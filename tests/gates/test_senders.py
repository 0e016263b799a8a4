"""Nothing goes to a customer without asking whether it may: whoever can send is named here, with how it asks."""

import re

from tests.gates.tree import list_modules, name_of, read_text

SENDING = re.compile(
    r"^(?:from|import) (?:hearth\.channels\.gateways|django\.core\.mail|smtplib)", re.MULTILINE
)
ASKS = {
    "hearth/channels/services/sending.py": "may_contact(",
    "hearth/channels/jobs.py": "send_messages(",  # hands its messages to the service above
}
TO_COLLEAGUES = {
    "hearth/accounts/adapter.py": "the person who signs in",
    "hearth/accounts/devices.py": "the person whose account was opened",
    "hearth/accounts/services/invitations.py": "a colleague who is invited",
    "hearth/books/jobs.py": "a colleague who is given customers",
    "hearth/books/services/mails.py": "a colleague who is given customers",
    "hearth/campaigns/services/trial.py": "the person who tries a mail out",
    "hearth/registers/mails.py": "those who keep the registers of data protection",
    "hearth/vigilance/emergency.py": "those who watch over the group and keep the accounts",
    "hearth/webhooks/jobs.py": "the owner of an endpoint",
}


def test_whoever_can_send_asks_first_or_writes_to_colleagues_alone() -> None:
    senders = {
        name_of(path)
        for path in list_modules()
        if name_of(path).startswith("hearth/")
        and not name_of(path).startswith("hearth/channels/gateways/")
        and SENDING.search(read_text(path))
    }

    assert senders == set(ASKS) | set(TO_COLLEAGUES)


def test_those_who_write_to_customers_ask_whether_they_may() -> None:
    texts = {name_of(path): read_text(path) for path in list_modules()}

    assert all(question in texts[name] for name, question in ASKS.items())
