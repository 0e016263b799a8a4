# domain data
"""The plan for group complaints that ships, and how long a review may take."""

from django.utils.translation import gettext_lazy as _

from hearth.group_cases.models import PlanStep
from hearth.organization.settings_catalogue import SettingDefinition, declare

# Code, from which level on, who does it, in how many hours, Chinese and English name. The steps are those of
# practice.md 2.5; the hours are proposed.
SHIPPED = (
    ("gather", "ordinary", "leader", 2, "成立专项小组并分工", "Form the team with its roles"),
    ("merge", "ordinary", "contact", 4, "合并同类投诉", "Bring similar cases together"),
    ("facts", "ordinary", "engineer", 24, "查明原因，形成事实清单", "Find the cause, write down the facts"),
    ("script", "ordinary", "spokesperson", 24, "拟定统一口径并报批", "Write the single script and have it approved"),
    ("representatives", "ordinary", "negotiator", 24, "确定业主代表名单", "Agree who speaks for the households"),
    ("on-site", "major", "on_site", 2, "派人到现场，保障秩序和安全", "Send people to the site, keep order and safety"),
    ("meet", "major", "negotiator", 48, "与业主代表召开沟通会", "Meet those who speak for the households"),
    ("legal", "major", "lawyer", 24, "出具法律意见", "Give a legal opinion"),
    ("solution", "major", "leader", 72, "拟定解决方案并报批", "Draw up a solution and have it approved"),
    ("reply", "crisis", "spokesperson", 24, "拟定公开回应并报批", "Write the public reply and have it approved"),
    ("daily", "crisis", "leader", 24, "每日向区域和集团通报进展", "Report to region and group each day"),
)  # fmt: skip

REVIEW_DAYS = declare(
    SettingDefinition(
        "group_cases.review_days",
        _("Working days after the closing of a group complaint until its review is due"),
        "int",
        10,
        minimum=1,
        maximum=250,
    )
)
CHECK_DAYS = declare(
    SettingDefinition(
        "group_cases.check_days",
        _("Working days in which other projects check for what a group complaint was about"),
        "int",
        15,
        minimum=1,
        maximum=250,
    )
)


def sync_plan() -> None:
    """Add the shipped steps that are missing; what the group changed stays as it is. May be repeated."""
    steps = [
        PlanStep(code=code, level=level, role=role, hours=hours, name_zh=zh, name_en=en, position=position)
        for position, (code, level, role, hours, zh, en) in enumerate(SHIPPED)
    ]
    PlanStep.objects.bulk_create(steps, ignore_conflicts=True)
