"""Objects for the walk over all routes."""

from typing import Any

from hearth.mailroom.models import MailAttachment
from hearth.organization.models import OrgUnit
from tests.cases.builders import make_case
from tests.core.test_uploads import picture
from tests.mailroom.builders import make_mail, make_mailbox, taken
from tests.mailroom.letters import with_files


def _mail(company: OrgUnit) -> dict[str, Any]:
    return {"mail_id": make_mail(company).pk}


def _file(company: OrgUnit) -> dict[str, Any]:
    row = taken(make_mailbox(company), with_files(("photo.png", picture("PNG"))))
    return {"file_id": MailAttachment.objects.get(mail=row).pk}


def _case(company: OrgUnit) -> dict[str, Any]:
    return {"case_id": make_case(company).pk}


def _mailbox(company: OrgUnit) -> dict[str, Any]:
    return {"mailbox_id": make_mailbox(company).pk}


def _listed(company: OrgUnit) -> str:
    return make_mail(company, subject="走查来信").subject


def _listed_mailbox(company: OrgUnit) -> str:
    return make_mailbox(company, name="走查邮箱").name


SAMPLES = {
    **{f"mailroom:{name}": _mail for name in ("mail", "raw", "make_case", "attach", "dismiss")},
    **{f"mailroom:{name}": _case for name in ("of_case", "answer", "kind")},
    "mailroom:file": _file,
    "mailroom:mailbox": _mailbox,
}
TRACES = {"mailroom:mails": _listed, "mailroom:mailboxes": _listed_mailbox}
