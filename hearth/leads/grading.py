# domain data
"""The grades that ship, and what is set at a place: by which scheme leads are graded, and how the pool works.

Three conventions are in use among developers. By intention, A is the hottest prospect; by the state of the purchase, A
has bought; by days of follow-up, A is called within two days. Figures are typical practice: a group changes them.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.utils.translation import pgettext_lazy

from hearth.leads.models import Grade, Scheme
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import setting_at
from hearth.organization.settings_catalogue import SettingDefinition, declare

SCHEME = declare(
    SettingDefinition(
        "leads.grade_scheme",
        pgettext_lazy("leads", "Leads are graded"),
        "choice",
        Scheme.INTENTION.value,
        choices=tuple(Scheme.choices),
        help_text=pgettext_lazy(
            "leads", "What the letters A to D stand for. Leads that are graded already keep their grade."
        ),
    )
)
FIRST_DAYS = declare(
    SettingDefinition(
        "leads.first_days",
        pgettext_lazy("leads", "Days until the next contact of a lead without a grade"),
        "int",
        2,
        minimum=0,
        maximum=60,
    )
)
CLAIMS_A_DAY = declare(
    SettingDefinition(
        "leads.claims_a_day",
        pgettext_lazy("leads", "Leads that one person may take from the public pool in a day"),
        "int",
        5,
        minimum=0,
        maximum=200,
    )
)


@dataclass(frozen=True)
class ShippedGrade:
    """A grade as it ships."""

    scheme: str
    letter: str
    name_zh: str
    name_en: str
    chance: int | None = None
    follow_up_days: int | None = None


BY_INTENTION, BY_PURCHASE, BY_DAYS = Scheme.INTENTION, Scheme.TRANSACTION, Scheme.FOLLOW_UP
GRADES = (
    ShippedGrade(
        BY_INTENTION,
        "A",
        "意向明确、资金到位，一周内可成交",
        "Clear motive, funds ready, may buy within a week",
        None,
        7,
    ),
    ShippedGrade(
        BY_INTENTION,
        "B",
        "有意向但有抗性，一至两周内可成交",
        "Some resistance, may buy in one to two weeks",
        None,
        15,
    ),
    ShippedGrade(
        BY_INTENTION, "C", "意向不明确，约一个月，较被动", "Unclear, about a month, waits for us", None, 30
    ),
    ShippedGrade(BY_INTENTION, "D", "暂无意向", "No intention", None, 60),
    ShippedGrade(BY_PURCHASE, "A", "已交定金或已成交", "Paid a deposit, or owns a home", None, 7),
    ShippedGrade(BY_PURCHASE, "B+", "已排号，认购可能性高", "Holds a queue number, likely", 70, 7),
    ShippedGrade(BY_PURCHASE, "B", "已排号，认购可能性中等", "Holds a queue number, may be", 50, 7),
    ShippedGrade(BY_PURCHASE, "B-", "已排号，认购可能性低", "Holds a queue number, unlikely", 20, 7),
    ShippedGrade(BY_PURCHASE, "C+", "来访有意向，排号可能性高", "Visited, a queue number is likely", 70, 7),
    ShippedGrade(BY_PURCHASE, "C", "来访有意向，排号可能性中等", "Visited, may take a queue number", 50, 15),
    ShippedGrade(
        BY_PURCHASE, "C-", "来访有意向，排号可能性低", "Visited, a queue number is unlikely", 20, 15
    ),
    ShippedGrade(BY_PURCHASE, "D", "无效客户", "Not a prospect"),
    ShippedGrade(
        BY_DAYS,
        "A",
        "48 小时内由本人二次跟进",
        "Second contact within 48 hours by one's own consultant",
        None,
        2,
    ),
    ShippedGrade(BY_DAYS, "B", "每周推送项目动态", "News of the project every week", None, 7),
    ShippedGrade(BY_DAYS, "C", "社群培育", "Kept warm in the community", None, 30),
    ShippedGrade(BY_DAYS, "D", "不再跟进", "No further contact"),
)


def sync_grades() -> None:
    """Add the shipped grades that are missing; what the group changed stays as it is. May be repeated."""
    rows = [Grade(**asdict(shipped), position=position) for position, shipped in enumerate(GRADES)]
    Grade.objects.bulk_create(rows, ignore_conflicts=True)


def scheme_at(place: OrgUnit) -> Scheme:
    """Return by which scheme leads are graded at a place; one query."""
    return Scheme(setting_at(SCHEME.key, place))


def next_day(grade: Grade | None, place: OrgUnit, *, today: date) -> date:
    """Return by when a lead is to be followed up: as its grade says, else as the place does; at most one query."""
    if grade is not None and grade.follow_up_days is not None:
        return today + timedelta(days=grade.follow_up_days)
    return today + timedelta(days=int(setting_at(FIRST_DAYS.key, place)))
