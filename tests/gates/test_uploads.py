"""No file comes in but by the one way that looks at it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.channels.models import Attachment
from hearth.core import uploads
from hearth.core.models import StoredFile
from hearth.core.uploads import Accepted, FileNotTaken, Use
from hearth.organization.models import OrgUnit
from hearth.privacy.services import sync_purposes
from tests.cases.builders import cause_of, make_case
from tests.customers.builders import make_customer
from tests.privacy.builders import make_known_customer
from tests.promises.builders import make_draft, make_promise, make_published
from tests.repairs.builders import make_booked, make_visit

SOURCE = Path(settings.ROOT) / "hearth"
# Where a request's files or a raw body are taken up, and who looks at them; the tests below send a file to each.
TAKERS = {
    ("imports/views.py", "FILES"),
    ("workspace/timeline_views.py", "FILES"),
    ("privacy/views.py", "FILES"),
    ("cases/settlement_views.py", "FILES"),
    ("promises/views/disclosures.py", "FILES"),
    ("promises/views/ledger.py", "FILES"),
    ("promises/views/told.py", "FILES"),
    ("repairs/phone_views.py", "FILES"),
    ("api/uploads.py", "read"),
}
# Fields of forms that take files; the views above are all that fill them.
FIELDS = {
    "imports/forms.py",
    "workspace/composer.py",
    "privacy/forms.py",
    "cases/forms.py",
    "promises/forms.py",
}
# Who writes rows of files: the truth of the demo, and one place asked by `store_upload` and `store_accepted` for
# what was sent, and by these for what the system itself wrote.
WRITERS = {"imports/files.py", "demo/truth.py"}
OWN_FILES = {
    "contract_texts/services/printing.py",
    "imports/files.py",
    "imports/results.py",
    "imports/services/reverting.py",
    "mailroom/services/taking.py",  # a mail as it came: saved by who asks for it, never opened here
    "demo/drilling/marks.py",
    "demo/drilling/repairs.py",
}


def trees() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text())


def test_files_of_requests_are_taken_up_in_known_places_alone() -> None:
    found = {
        (path, node.attr)
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (
            node.attr in {"FILES", "upload_handlers"}
            or (node.attr == "read" and isinstance(node.value, ast.Name) and node.value.id == "request")
        )
    }

    assert found == TAKERS


def test_fields_for_files_stand_in_known_forms_alone() -> None:
    found = {
        path
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"FileField", "ImageField", "FileInput", "ClearableFileInput"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "forms"
    }

    assert found == FIELDS


def test_one_place_writes_files_and_only_the_system_passes_by_the_look() -> None:
    def called(name: str) -> set[str]:
        return {
            path
            for path, tree in trees()
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        }

    assert called("StoredFile") == WRITERS
    assert called("store") == OWN_FILES
    assert called("Accepted") == {"core/uploads.py"}


KEEPERS = ("disclosures", "postings", "acknowledging", "ledger", "outcomes")


def take_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every file refused from now on."""

    def refuse(file: object, use: Use) -> Accepted:
        raise FileNotTaken(use.field, name="x")

    monkeypatch.setattr(uploads, "accept_upload", refuse)
    for module in (
        *("hearth.channels.attachments", "hearth.imports.files", "hearth.privacy.services.consents"),
        *("hearth.cases.services.settling", "hearth.repairs.services.visiting"),
        "hearth.mailroom.services.taking",
        *(f"hearth.promises.services.{name}" for name in KEEPERS),
    ):
        monkeypatch.setattr(f"{module}.accept_upload", refuse)


@pytest.mark.django_db
def test_every_page_that_takes_files_asks_whether_they_may_come_in(
    signed_in: Client, company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_purposes()
    customer = make_known_customer(company)
    sent = {
        reverse("imports:new"): {"kind": "customers", "place": company.pk, "file": _file("a.csv")},
        reverse("workspace:compose", args=[customer.pk, "note"]): {
            "body": "图",
            "attachments": [_file("a.pdf")],
        },
        reverse("privacy:change_consent", args=[customer.pk]): {
            "purpose_code": "care",
            "channel": "any",
            "decision": "given",
            "how": "签字",
            "evidence_file": _file("a.pdf"),
        },
        reverse("cases:settle", args=[make_case(company).pk]): {
            "solution": "好",
            "outcome": "agreed",
            "cause": cause_of().pk,
            "party": "contractor",
            "evidence_file": _file("a.pdf"),
        },
    }

    draft, published = make_draft(company), make_published(make_draft(company))
    sent |= {
        reverse("promises:draw_disclosure", args=[draft.pk]): {"drawing": _file("a.pdf")},
        reverse("promises:post_disclosure", args=[published.pk]): {
            "place": "online",
            "where": "官网",
            "since_date": "2026-03-18",
            "photo": _file("a.png"),
        },
        reverse("promises:acknowledgements", args=[published.pk]): {
            "who": make_customer(company, name="王青枫").name,
            "how": "signed",
            "acknowledged_date": "2026-03-18",
            "evidence_file": _file("a.pdf"),
        },
    }
    promise = make_promise(company)
    sent |= {
        reverse("promises:attach_evidence", args=[promise.pk]): {"file": _file("a.pdf")},
        reverse("promises:say_outcome", args=[promise.pk]): {
            "outcome": "kept",
            "proof": "已建成",
            "file": _file("a.pdf"),
        },
    }
    booked = make_booked(company)
    report = {"key": uuid4(), "came_at": timezone.now().isoformat(), "note": "好", "before": _file("a.png")}
    sent |= {reverse("repairs:report", args=[booked.pk]): report}
    finished = make_visit(make_booked(company)).order
    sent |= {reverse("repairs:sign", args=[finished.pk]): {"drawing_owner": _file("a.png")}}
    kept = StoredFile.objects.count()
    take_nothing(monkeypatch)

    answers = [signed_in.post(address, values) for address, values in sent.items()]

    assert [answer.status_code for answer in answers] == [422] * 11
    assert ["“x”" in answer.content.decode() for answer in answers] == [True] * 11
    assert (StoredFile.objects.count(), Attachment.objects.count()) == (kept, 0)


def _file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7")
