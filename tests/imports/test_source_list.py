"""The list of pick-ups shows what came last from each."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from hearth.imports.permissions import CHANGE_SOURCE, RUN_IMPORT
from hearth.imports.services.sources import SourcePlan, save_source
from hearth.organization.models import OrgUnit
from hearth.properties.permissions import CHANGE_PROPERTY
from tests.imports.builders import ACTOR, NOW, make_file, make_received
from tests.organization.builders import make_member, sign_in

pytestmark = pytest.mark.django_db


def test_the_last_file_of_a_pick_up_is_shown_to_those_who_may_open_it(
    tmp_path: Path, company: OrgUnit, client: Client
) -> None:
    plan = SourcePlan(name="旧系统", kind="units", way="folder", path="SZ/crm")
    source = save_source(plan, org_unit=company, actor=ACTOR, now=NOW)
    for name in ("first.csv", "second.csv"):
        job = make_received(make_file(tmp_path, name=name), company)
        job.source = source
        job.save(update_fields=["source"])
    opener = make_member(company, RUN_IMPORT, CHANGE_PROPERTY, CHANGE_SOURCE)
    stranger = make_member(company, RUN_IMPORT, CHANGE_SOURCE)

    shown = sign_in(client, opener).get(reverse("imports:sources")).content.decode()
    hidden = sign_in(Client(), stranger).get(reverse("imports:sources")).content.decode()

    assert reverse("imports:detail", args=[job.pk]) in shown
    assert ("second.csv" in shown, "first.csv" in shown) == (True, False)
    assert ("旧系统" in hidden, "second.csv" in hidden) == (True, False)
