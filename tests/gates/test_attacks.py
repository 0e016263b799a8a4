"""Attacks that a browser, a mail or a program could try on any page, tried."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from hearth.channels.services.composing import write_contact
from hearth.channels.services.interactions import NewInteraction
from hearth.core.models import StoredFile
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.accounts.builders import PASSWORD, is_signed_in, make_account, post_sign_in
from tests.api.builders import Program, make_token
from tests.channels.builders import make_upload
from tests.customers.builders import NOW, SYSTEM, make_customer
from tests.organization.builders import make_member, sign_in

ROOT = Path(settings.ROOT)
# Mail programs send the one-click request without having seen the page; its address is the proof.
WITHOUT_PAGE = {"portal:opt_out"}


def list_views(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from list_views(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name}", entry


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_form_of_another_site_is_refused_on_every_route_that_takes_a_cookie(method: str) -> None:
    guard = CsrfViewMiddleware(lambda _request: HttpResponse())
    ask = getattr(
        RequestFactory(enforce_csrf_checks=True, headers={"Origin": "https://evil.example"}), method
    )

    open_routes = set()
    views = list(list_views(get_resolver()))
    for name, pattern in views:
        request = ask("/")
        guard.process_request(request)
        answer = guard.process_view(request, pattern.callback, (), {})
        if answer is None or answer.status_code != 403:
            open_routes.add(name)

    assert len(views) > 300
    # A token alone opens the API, never a cookie: there is nothing to forge.
    assert {name for name in open_routes if not name.startswith("api")} == WITHOUT_PAGE


@pytest.mark.django_db
def test_a_session_that_somebody_else_prepared_is_not_the_one_that_is_signed_in(company: OrgUnit) -> None:
    make_account("lin", org_unit=company)
    attacker = Client()
    attacker.get("/accounts/login/?next=/tasks/")
    session = attacker.session
    session["prepared"] = "by somebody else"
    session.save()
    known = str(session.session_key)
    victim = Client()
    victim.cookies[settings.SESSION_COOKIE_NAME] = known

    post_sign_in(victim, "lin")

    assert is_signed_in(victim)
    assert victim.session.session_key != known
    assert not Session.objects.filter(session_key=known).exists()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = known
    assert not is_signed_in(attacker)


@pytest.mark.django_db
def test_signing_in_works_as_long_for_an_account_that_does_not_exist(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account("lin", org_unit=company)
    hasher, computed = type(get_hasher()), list[str]()

    def counting(method: str) -> Any:
        compute = getattr(hasher, method)

        def count(self: Any, password: str, *others: Any, **more: Any) -> Any:
            if computed[-1:] != [password]:  # comparing may encode
                computed.append(password)
            return compute(self, password, *others, **more)

        return count

    for method in ("encode", "verify"):
        monkeypatch.setattr(hasher, method, counting(method))

    post_sign_in(Client(), "lin", "wrong-known")
    post_sign_in(Client(), "nobody", "wrong-unknown")

    assert computed == ["wrong-known", "wrong-unknown"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "testserver@evil.example"},
        {"Host": "testserver.evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"Forwarded": "host=evil.example"},
    ],
)
def test_no_mail_leads_where_a_forged_host_says(company: OrgUnit, headers: dict[str, str]) -> None:
    make_account("lin", org_unit=company)

    answer = Client(headers=headers).post("/accounts/password/reset/", {"email": "lin@hearth.invalid"})

    assert answer.status_code == (400 if "Host" in headers else 302)
    assert "evil.example" not in "".join(str(sent.body) for sent in mail.outbox)
    assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "next_page",
    [
        "/%0d%0aSet-Cookie:%20a=b",
        "/\r\nSet-Cookie: a=b",
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
    ],
)
def test_where_sign_in_leads_adds_no_header_and_no_other_site(company: OrgUnit, next_page: str) -> None:
    make_account("lin", org_unit=company)
    client = Client()

    answer = client.post("/accounts/login/", {"login": "lin", "password": PASSWORD, "next": next_page})

    assert "a" not in client.cookies
    location = answer.headers.get("Location", "")
    assert "\n" not in location
    assert not location.startswith(("https:", "//", "/\\"))


@pytest.mark.django_db
def test_the_name_of_a_file_adds_no_header_and_no_path(client: Client, company: OrgUnit) -> None:
    customer = make_customer(company)
    new = NewInteraction(customer.pk, company.pk, "note", "internal", "图")
    file = make_upload()
    file._name = '../../a"\r\nSet-Cookie: evil=1; x=.pdf'  # type: ignore[attr-defined]  # as no browser sends it
    row = write_contact(new, actor=SYSTEM, now=NOW, files=[file]).attachments.select_related("stored").get()

    answer = sign_in(client, make_member(company, "channels.view")).get(
        reverse("channels:file", args=[row.pk])
    )

    b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert not set("\r\n") & set(answer.headers["Content-Disposition"])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "evil" not in client.cookies
    path = Path(row.stored.file.path).resolve()
    assert path.is_relative_to(Path(row.stored.file.storage.location).resolve())  # type: ignore[attr-defined]
    assert path.name == str(row.stored_id)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/static/../hearth/config/settings.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2fetc/passwd",
        "/static//etc/passwd",
        "/media/stored/",
        "/files/",
        "/var/keys.json",
        "/channels/files/../../../etc/passwd",
    ],
)
def test_no_address_leads_out_of_the_served_folder(signed_in: Client, address: str) -> None:
    assert signed_in.get(address).status_code in {400, 404}


@pytest.mark.django_db
def test_stored_files_have_no_address(signed_in: Client, company: OrgUnit) -> None:
    new = NewInteraction(make_customer(company).pk, company.pk, "note", "internal", "图")
    write_contact(new, actor=SYSTEM, now=NOW, files=[make_upload()])
    kept = StoredFile.objects.get().file.name

    answers = [
        signed_in.get(f"/{folder}{kept}").status_code for folder in ("", "media/", "files/", "static/")
    ]

    assert answers == [404] * 4


def test_no_body_of_the_api_takes_a_field_it_does_not_name() -> None:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    schemas, found = document["components"]["schemas"], 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = (
                operation.get("requestBody", {}).get("content", {}) if isinstance(operation, dict) else {}
            )
            schema = content.get("application/json", {}).get("schema")
            if schema is None:
                continue
            if "$ref" in schema:
                schema = schemas[schema["$ref"].rpartition("/")[2]]
            found += 1
            assert schema.get("additionalProperties") is False, f"{method} {path}"
    assert found > 20


@pytest.mark.django_db
@pytest.mark.parametrize(
    "field",
    [
        "id",
        "number",
        "merged_into",
        "erased_at",
        "is_canary",
        "identity_index",
        "created_at",
        "profiling_refused_at",
    ],
)
def test_a_program_sets_no_field_that_is_ours(company: OrgUnit, field: str) -> None:
    program = Program(make_token(make_member(company, "customers.view", "customers.change")))
    customer = make_customer(company)
    before = Customer.objects.filter(pk=customer.pk).values().get()

    answer = program.patch(f"/customers/{customer.pk}", {field: "1"})

    assert answer.status in {400, 422}
    assert Customer.objects.filter(pk=customer.pk).values().get() == before
