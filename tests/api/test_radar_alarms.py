"""Programs read the alarms of group complaints and judge them as people do."""

import pytest

from hearth.organization.models import OrgUnit
from hearth.radar.models import RadarAlarm
from tests.api.builders import make_program
from tests.radar.builders import make_radar_alarm

pytestmark = pytest.mark.django_db


def test_a_program_reads_accepts_and_dismisses(company: OrgUnit) -> None:
    one, other = make_radar_alarm(company), make_radar_alarm(company)
    program = make_program(company)

    listed = program.get("/radar-alarms?filter[state][eq]=open").body["data"]
    accepted = program.post(f"/radar-alarms/{one.pk}/accept", {"note": "统一口径"})
    dismissed = program.post(f"/radar-alarms/{other.pk}/dismiss", {"reason": "unrelated"})
    again = program.post(f"/radar-alarms/{one.pk}/dismiss", {"reason": "unrelated"})

    assert {row["id"] for row in listed} == {str(one.pk), str(other.pk)}
    assert (accepted.status, accepted.body["state"]) == (201, "accepted")
    assert accepted.body["group_case_id"] is not None
    assert dismissed.body["reason"] == "unrelated"
    assert again.status == 422
    assert again.body["type"].endswith("alarm_judged")


def test_an_alarm_is_merged_into_one_that_the_caller_sees(company: OrgUnit, neighbour: OrgUnit) -> None:
    alarm, foreign = make_radar_alarm(company), make_radar_alarm(neighbour)

    refused = make_program(company).post(f"/radar-alarms/{alarm.pk}/merge", {"into": str(foreign.pk)})

    assert refused.status == 422
    assert refused.body["errors"][0]["pointer"] == "/into"
    assert RadarAlarm.objects.get(pk=alarm.pk).state == "open"
