"""What browsers are told to forbid, on every page, and that no page needs what they forbid."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from tests.gates.tree import ROOT

INLINE = re.compile(
    r"""\son\w+\s*=\s*["']|\sstyle\s*=|javascript:|<style\b"""
    r"""|<script(?![^>]*\ssrc=)(?![^>]*type="application/json")"""
)


def directives(answer: object) -> dict[str, set[str]]:
    policy = answer.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: set(values) for name, *values in parts}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/accounts/login/", "/p/c/nonsense", "/nowhere/", "/api/v1/customers"]
)
def test_every_answer_forbids_foreign_and_inline_scripts_frames_and_guessing(address: str) -> None:
    answer = Client().get(address, follow=True)

    policy = directives(answer)
    assert policy["default-src"] == {"'self'"}
    assert policy["object-src"] == policy["frame-ancestors"] == {"'none'"}
    assert policy["base-uri"] == policy["form-action"] == {"'self'"}
    allowed = policy["script-src"] | policy["style-src"]
    assert all(each == "'self'" or each.startswith("'nonce-") for each in allowed)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.django_db
def test_cookies_are_kept_from_scripts_and_from_other_sites() -> None:
    browser = Client()
    browser.get("/accounts/login/")

    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert browser.cookies["csrftoken"]["samesite"] == "Lax"


def test_no_template_holds_a_script_a_style_or_a_handler() -> None:
    found = {
        str(path.relative_to(ROOT)): match.group().strip()
        for path in sorted((ROOT / "hearth").glob("**/templates/**/*.html"))
        if "email" not in path.parts and (match := INLINE.search(path.read_text(encoding="utf-8")))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("markup", "is_found"),
    [
        ('<a onclick="x()">', True),
        ("<p style='color:red'>", True),
        ("<script>x()</script>", True),
        ('<a href="javascript:x()">', True),
        ('<script defer src="/static/x.js"></script>', False),
        ('<script id="data" type="application/json">{}</script>', False),
        ('<input data-style="x" aria-label="only">', False),
    ],
)
def test_what_browsers_would_refuse_is_found(markup: str, is_found: bool) -> None:
    assert bool(INLINE.search(markup)) is is_found


@pytest.mark.parametrize(
    ("https", "expected"), [("1", "True True True 31536000"), ("0", "False False False 0")]
)
def test_behind_https_cookies_travel_by_it_alone(https: str, expected: str) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    code = f"from hearth.config import settings as s; print(*(getattr(s, name) for name in {names!r}))"

    said = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "HEARTH_HTTPS": https},
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )

    assert said.stdout.strip() == expected
