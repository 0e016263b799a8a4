# domain data
"""The purposes that ship: what a developer uses personal data for, in the words customers are shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShippedPurpose:
    """A purpose as it stands in a new installation; the group may change texts and times."""

    code: str
    name_zh: str
    name_en: str
    text_zh: str
    text_en: str
    needs_consent: bool
    retention_days: int


SERVICE = "service"
MARKETING = "marketing"
CARE = "care"
SURVEY = "survey"
PROFILING = "profiling"
LEGAL_NOTICE = "legal_notice"

SHIPPED_PURPOSES = (
    ShippedPurpose(
        code=SERVICE,
        name_zh="履行合同与服务",
        name_en="Contract and service",
        text_zh="为签订和履行购房合同、办理交付、处理报修与投诉所必需，我们使用您的姓名、联系方式和房屋信息。此项无需另行同意。",
        text_en=(
            "We use your name, contact details and the facts of your home as far as the contract, the handover,"
            " repairs and complaints require. No consent is needed for this."
        ),
        needs_consent=False,
        retention_days=3650,
    ),
    ShippedPurpose(
        code=MARKETING,
        name_zh="营销信息",
        name_en="Marketing",
        text_zh="经您同意，我们通过您选择的方式向您介绍新楼盘、活动和优惠。您可以随时拒收，拒收与同意一样方便。",
        text_en=(
            "With your consent we tell you about new homes, events and offers by the channels you choose."
            " You may stop this at any time, as easily as you agreed to it."
        ),
        needs_consent=True,
        retention_days=730,
    ),
    ShippedPurpose(
        code=CARE,
        name_zh="客户关怀",
        name_en="Care",
        text_zh="经您同意，我们在节日、入住周年等时刻问候您，并邀请您参加社区活动。您可以随时拒收。",
        text_en=(
            "With your consent we greet you on holidays and anniversaries and invite you to neighbourhood events."
            " You may stop this at any time."
        ),
        needs_consent=True,
        retention_days=1095,
    ),
    ShippedPurpose(
        code=SURVEY,
        name_zh="满意度调查",
        name_en="Surveys",
        text_zh="经您同意，我们邀请您评价我们的产品与服务，结果用于改进。您可以随时拒绝参加。",
        text_en=(
            "With your consent we ask what you think of our homes and our service, so that we can improve them."
            " You may decline at any time."
        ),
        needs_consent=True,
        retention_days=1095,
    ),
    ShippedPurpose(
        code=PROFILING,
        name_zh="个性化分析",
        name_en="Profiling",
        text_zh="我们根据您与我们的往来计算客户阶段、价值层级等分析结果，以便只向您推荐合适的内容。您可以随时拒绝：此后我们删除并不再计算这些结果，挑选客户时也如同没有这些条件。",
        text_en=(
            "From your dealings with us we compute figures such as stage and value tier, so that we suggest only what"
            " fits. You may refuse at any time: we then remove these figures, compute none any more, and choose whom"
            " we address as if nobody had asked for them."
        ),
        needs_consent=True,
        retention_days=730,
    ),
    ShippedPurpose(
        code=LEGAL_NOTICE,
        name_zh="法定告知",
        name_en="Notices the law demands",
        text_zh="法律要求我们告知您的事项，例如涉及您的个人信息安全事件，我们通过您留下的联系方式告知。此项无需同意，也不能拒收。",
        text_en=(
            "What the law has us tell you, such as an incident with your data, we tell you by the contacts you left."
            " No consent is needed for this, and it cannot be stopped."
        ),
        needs_consent=False,
        retention_days=1095,
    ),
)
