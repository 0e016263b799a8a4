"""Reading mail that others wrote: what it says, from whom, in answer to what, and whether a person wrote it."""

from hearth.lib.mail.kinds import MailKind, Report
from hearth.lib.mail.pieces import may_be_mail, pieces_of_mail
from hearth.lib.mail.reading import MOST_BYTES, MailFile, MailNotRead, ReadMail, read_head, read_mail

__all__ = [
    "MOST_BYTES",
    "MailFile",
    "MailKind",
    "MailNotRead",
    "ReadMail",
    "Report",
    "may_be_mail",
    "pieces_of_mail",
    "read_head",
    "read_mail",
]
