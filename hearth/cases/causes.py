# domain data
"""The causes that ship, in classes; the group adds to them and puts aside. And what closing a complaint asks for."""

from django.utils.translation import pgettext_lazy

from hearth.cases.models import Cause
from hearth.organization.settings_catalogue import SettingDefinition, declare

CLOSE_IN_FULL = declare(
    SettingDefinition(
        "cases.close_in_full",
        pgettext_lazy("cases", "Complaints are closed in full only"),
        kind="bool",
        default=True,
        help_text=pgettext_lazy(
            "cases",
            "With solution, agreement or an approved final position, cause, who answers for it, cost and proof, and by "
            "somebody else than who settled it.",
        ),
    )
)

# Code, Chinese and English name of each class, with those of the causes in it.
SHIPPED: tuple[tuple[str, str, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "design",
        "设计",
        "Design",
        (
            ("layout", "户型", "Layout"),
            ("facade", "立面", "Facade"),
            ("equipment", "设备", "Equipment"),
            ("landscape", "景观", "Landscape"),
            ("parking", "人防与车位", "Shelter and parking"),
        ),
    ),
    (
        "construction",
        "工程质量",
        "Construction",
        (
            ("leak", "渗漏", "Leak"),
            ("cracks", "空鼓开裂", "Hollow plaster and cracks"),
            ("doors-windows", "门窗", "Doors and windows"),
            ("water-power", "水电", "Water and power"),
            ("waterproofing", "防水", "Waterproofing"),
            ("common-parts", "公共区域", "Common parts"),
        ),
    ),
    ("materials", "材料部品", "Materials and parts", ()),
    (
        "promise",
        "销售承诺",
        "Sales promise",
        (
            ("spoken", "口头承诺", "Spoken promise"),
            ("advertising", "宣传不符", "Not as advertised"),
            ("show-flat", "样板间差异", "Not as the show flat"),
        ),
    ),
    (
        "contract",
        "合同、按揭与办证",
        "Contract, mortgage and title",
        (("terms", "合同条款", "Terms"), ("mortgage", "按揭", "Mortgage"), ("title", "办证", "Title deed")),
    ),
    ("late-delivery", "交付延期", "Late handover", ()),
    ("plan-change", "规划变更", "Change of plans", ()),
    ("outside", "红线外不利因素", "Adverse factors outside the site", ()),
    (
        "amenities",
        "配套",
        "Amenities",
        (("school", "学校", "School"), ("shops", "商业", "Shops"), ("club", "会所", "Club")),
    ),
    ("property", "物业服务", "Property service", ()),
    (
        "repair",
        "维修",
        "Repair",
        (("slow", "维修不及时", "Slow repair"), ("poor", "维修质量", "Poor repair")),
    ),
    ("attitude", "服务态度", "Attitude", ()),
    ("price", "价格变动", "Change of prices", ()),
    ("other", "其他", "Other", ()),
)


def sync_causes() -> None:
    """Add the shipped causes that are missing; what the group changed stays as it is. May be repeated."""
    classes = [
        Cause(code=code, name_zh=zh, name_en=en, position=position)
        for position, (code, zh, en, _within) in enumerate(SHIPPED)
    ]
    Cause.objects.bulk_create(classes, ignore_conflicts=True)
    ids = dict(Cause.objects.filter(parent=None).values_list("code", "pk"))
    within = [
        Cause(
            parent_id=ids[of],
            code=f"{of}.{code}".replace(".", "-"),
            name_zh=zh,
            name_en=en,
            position=position,
        )
        for of, _zh, _en, causes in SHIPPED
        for position, (code, zh, en) in enumerate(causes)
        if of in ids
    ]
    Cause.objects.bulk_create(within, ignore_conflicts=True)
