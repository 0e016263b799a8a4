"""What is done with mail that comes in."""

from hearth.mailroom.services.answering import (
    AnotherRecipient,
    MayNotWrite,
    NobodyToWriteTo,
    NothingToAnswer,
    answer_by_mail,
)
from hearth.mailroom.services.handling import (
    CaseElsewhere,
    DecidedAlready,
    DismissalMissing,
    attach_mail,
    confirm_kind,
    dismiss_flood,
    dismiss_mail,
    make_case_of_mail,
)
from hearth.mailroom.services.mailboxes import (
    AboutMailbox,
    FolderTaken,
    MailboxRefused,
    PasswordMissing,
    add_mailbox,
    change_mailbox,
    try_mailbox,
)
from hearth.mailroom.services.taking import FLOOD_MAILS, fetch_mailbox, queue_fetching, take_mail

__all__ = [
    "FLOOD_MAILS",
    "AboutMailbox",
    "AnotherRecipient",
    "CaseElsewhere",
    "DecidedAlready",
    "DismissalMissing",
    "FolderTaken",
    "MailboxRefused",
    "MayNotWrite",
    "NobodyToWriteTo",
    "NothingToAnswer",
    "PasswordMissing",
    "add_mailbox",
    "answer_by_mail",
    "attach_mail",
    "change_mailbox",
    "confirm_kind",
    "dismiss_flood",
    "dismiss_mail",
    "fetch_mailbox",
    "make_case_of_mail",
    "queue_fetching",
    "take_mail",
    "try_mailbox",
]
