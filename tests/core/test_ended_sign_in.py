"""A sign-in that ended: a page leads to the form and back, a part never shows the form in its place."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
PAGE = "http://testserver/customers/?stage=pre_owner"


def test_a_page_leads_to_the_form_and_back(client: Client) -> None:
    answer = client.get(reverse("workspace:search"), {"q": "王"})

    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/accounts/login/?next=%2Fsearch%2F%3Fq%3D%25E7%258E%258B",
    )


def test_a_part_has_the_browser_leave_its_page_and_come_back_to_it(client: Client) -> None:
    part = {"HX-Request": "true", "HX-Target": "list", "HX-Current-URL": PAGE}

    answer = client.get(reverse("workspace:search"), headers=part)

    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=%2Fcustomers%2F%3Fstage%3Dpre_owner"


def test_another_site_is_no_page_to_come_back_to(client: Client) -> None:
    part = {"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example/steal/"}

    answer = client.get(reverse("workspace:search"), headers=part)

    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=%2Fsteal%2F"
