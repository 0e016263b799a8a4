"""The radar finds the planted leak of the invented city by its third family, and little beside the planted stories."""

from datetime import date

import numpy as np

from hearth.analytics.group_complaints import Signals
from hearth.analytics.radar_episodes import Episodes, back_test
from hearth.analytics.radar_expectation import Exposure, RadarSettings
from hearth.analytics.voices import Voices
from hearth.demo.city import ProjectCity, plan_city

TODAY = date(2026, 3, 18)
FIRST = TODAY.toordinal() - 300


def listen(city: list[ProjectCity]) -> tuple[list[str], Signals, Episodes]:
    """Back-test a city's last ten months: the topics by number, and what was seen."""
    topics: dict[str, int] = {}
    rows = []
    for number, project in enumerate(city):
        home_of = {home.key: home for home in project.homes}
        buildings = {building.key: place for place, building in enumerate(project.buildings)}
        households = {home.key: place for place, home in enumerate(project.homes)}
        for matter in project.matters:
            if matter.home and matter.kind != "praise":
                home = home_of[matter.home]
                topic = topics.setdefault(matter.topic, len(topics))
                where = (
                    buildings[home.building.key],
                    households[home.key],
                    home.floor,
                    home.entrance * 10 + home.line,
                )
                rows.append((matter.opened_at.date().toordinal(), number, topic, *where))
    columns = np.array(sorted(rows), dtype=np.int64).T
    voices = Voices(*columns)
    firsts = [columns[0][columns[1] == number] for number in range(len(city))]
    exposure = Exposure(
        households=np.array([max(len(project.purchases), 1) for project in city], dtype=float),
        watched_from=np.array([days[0] if len(days) else TODAY.toordinal() for days in firsts]),
        city=np.zeros(len(city), dtype=np.int64),
        handover_day=np.array([float(project.plan.handover_date.toordinal()) for project in city]),
    )
    return list(topics), *back_test(voices, exposure, RadarSettings(), from_day=FIRST)


def families_in(households: int, seed: int) -> int:
    """How many families of the leak had spoken when the alarm came."""
    city = list(plan_city(households, seed=seed, today=TODAY).projects())
    leak = city[0].leak
    assert leak is not None
    topics, _signals, found = listen(city)
    of_leak = (found.project == 0) & (found.topic == topics.index("渗漏"))
    alarms = [date.fromordinal(int(day)) for day in found.day[of_leak] if day >= leak.days[0].toordinal()]
    assert len(found) <= 8
    return sum(day <= alarms[0] for day in leak.days)


def test_the_planted_leak_is_seen_by_its_third_family() -> None:
    cities = [(400, 4), (1_000, 1), (1_500, 5), (1_500, 7), (3_000, 6), (6_000, 6)]

    found = {city: families_in(*city) for city in cities}

    assert sorted(found.values())[len(found) // 2] == 3, found
    assert max(found.values()) <= 4, found
