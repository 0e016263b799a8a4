# domain data
"""Why customers do not buy: the reasons that ship, in groups, and after how many days each is asked again.

The days are proposed; the group changes them, adds reasons, and puts others aside. None: nobody asks again.
"""

from hearth.leads.models import LossReason

Reason = tuple[str, str, str, int | None]
# Code, Chinese and English name and days of each group, with its reasons.
SHIPPED: tuple[tuple[Reason, tuple[Reason, ...]], ...] = (
    (
        ("price", "价格", "Price", 90),
        (
            ("total", "总价超出预算", "Above the budget", 180),
            ("down-payment", "首付不足", "Down payment not at hand", 180),
            ("loan", "贷款受限", "No mortgage granted", 180),
            ("discount", "折扣未达预期", "Discount not as hoped for", 60),
        ),
    ),
    (
        ("product", "产品", "Home", 180),
        (
            ("layout", "户型不合适", "Layout does not fit", 180),
            ("area", "面积不合适", "Area does not fit", 180),
            ("floor", "楼层或朝向不合适", "Floor or orientation does not fit", 120),
            ("quality", "品质或装修标准", "Quality or fit-out", 180),
        ),
    ),
    (
        ("location", "区位与配套", "Location and amenities", 365),
        (
            ("school", "学校", "School", 365),
            ("traffic", "交通", "Traffic", 365),
            ("surroundings", "周边不利因素", "Adverse surroundings", None),
        ),
    ),
    (
        ("elsewhere", "已购他处", "Bought elsewhere", 730),
        (
            ("competitor", "购买竞品项目", "Bought at a competitor", 730),
            ("second-hand", "购买二手房", "Bought second-hand", 730),
            ("our-other", "购买本集团其他项目", "Bought at another project of ours", None),
        ),
    ),
    (
        ("later", "暂缓购房", "Put off", 90),
        (
            ("old-home", "旧房未售出", "Old home not sold yet", 90),
            ("policy", "限购或资格不符", "Not entitled to buy now", 365),
            ("family", "家庭意见不一", "Family does not agree", 60),
            ("waits", "观望市场", "Waits for the market", 90),
        ),
    ),
    (
        ("trust", "信任与服务", "Trust and service", 180),
        (
            ("delivery", "担心交付", "Doubts the handover", 180),
            ("service", "对服务不满", "Unhappy with our service", 180),
        ),
    ),
    (
        ("no-prospect", "无效线索", "Not a prospect", None),
        (
            ("unreachable", "无法联系", "Cannot be reached", None),
            ("wrong", "号码或信息错误", "Wrong number or details", None),
            ("peer", "同行或推销", "Competitor or seller", None),
            ("refused", "要求不再联系", "Asked not to be contacted", None),
        ),
    ),
    (("other", "其他", "Other", 180), ()),
)


def sync_loss_reasons() -> None:
    """Add the shipped reasons that are missing; what the group changed stays as it is. May be repeated."""
    groups = [_row(group, position) for position, (group, _within) in enumerate(SHIPPED)]
    LossReason.objects.bulk_create(groups, ignore_conflicts=True)
    ids = dict(LossReason.objects.filter(parent=None).values_list("code", "pk"))
    within = [
        _row(reason, position, of=(group[0], ids[group[0]]))
        for group, reasons in SHIPPED
        for position, reason in enumerate(reasons)
        if group[0] in ids
    ]
    LossReason.objects.bulk_create(within, ignore_conflicts=True)


def _row(reason: Reason, position: int, of: tuple[str, int] | None = None) -> LossReason:
    code, zh, en, days = reason
    return LossReason(
        parent_id=of[1] if of else None,
        code=f"{of[0]}-{code}" if of else code,
        name_zh=zh,
        name_en=en,
        win_back_days=days,
        position=position,
    )
