"""The listing of 34,020 homes comes in by the file import, fast and with a reason for each row left out."""

import time
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from hearth.core.actor import Actor
from hearth.imports.models import ImportJob
from hearth.imports.services import (
    change_mapping,
    check_file,
    commit_file,
    receive_file,
    start_check,
    start_commit,
)
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project, Unit

HOMES = Path(settings.ROOT).parent / "shared" / "data" / "beijing_homes" / "homes.csv"
MAPPING = {
    "project": {"column": "Garden"},
    "city": {"constant": "北京"},
    "district": {"column": "District"},
    "number": {"column": "Id"},
    "external_key": {"column": "Id"},
    "floor": {"column": "Floor"},
    "layout": {"column": "Layout"},
    "orientation": {"column": "Direction"},
    "fit_out": {"column": "Renovation"},
    "floor_area": {"column": "Size"},
    "list_price": {"column": "Price"},
    "built_year": {"column": "Year"},
    "state": {"constant": "available"},
}


@pytest.mark.real
@pytest.mark.skipif(not HOMES.exists(), reason="the data set is not beside the project")
@pytest.mark.django_db
def test_the_listing_comes_in_whole_but_for_the_rows_that_stand_in_it_twice(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    job = receive_file(HOMES, kind="units", org_unit=company, actor=actor, now=now)
    change_mapping(job, MAPPING, {"create_projects": True}, actor=actor, now=now)
    start_check(job, actor=actor, now=now)
    checked = check_file(job, actor=actor, now=now)
    start_commit(checked, good_rows_only=True, actor=actor, now=now)
    begun = time.process_time()
    done = commit_file(checked, actor=actor, now=now)
    written_in = time.process_time() - begun

    assert (done.state, done.error_code) == (ImportJob.State.DONE, "")
    assert (done.total_rows, done.created_rows, done.bad_rows) == (34_020, 33_965, 54)
    assert Counter(checked.issues.values_list("code", flat=True)) == {
        "doubled_key": 52,
        "cell.out_of_range": 2,
        "row.repeated_header": 1,
    }
    assert (Unit.objects.count(), Project.objects.count()) == (33_965, 5_708)
    home = Unit.objects.with_place().get(external_key="101113515819")
    assert (home.address, home.list_price_amount, home.floor_area, home.floor, home.built_year) == (
        "体育馆路13号 — 101113515819",
        Decimal(6_500_000),
        Decimal(62),
        6,
        1950,
    )
    assert 34_020 / written_in > 800
