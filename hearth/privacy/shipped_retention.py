# domain data
"""The rules of retention that ship: how long each kind of data is kept, what is done then, and by what right."""

from dataclasses import dataclass

from hearth.core.retention import Way


@dataclass(frozen=True)
class ShippedRule:
    """A rule as it stands in a new installation, out of force."""

    kind: str
    months: int
    way: str
    basis_zh: str
    basis_en: str


SHIPPED_RULES = (
    ShippedRule(
        "cases.closed",
        120,
        Way.ANONYMISE,
        "《民法典》第一百八十八条；保修期内须能查证",
        "Civil Code article 188; must be provable within the warranty",
    ),
    ShippedRule(
        "group_cases.closed",
        120,
        Way.ANONYMISE,
        "《民法典》第一百八十八条；保修期内须能查证",
        "Civil Code article 188; must be provable within the warranty",
    ),
    ShippedRule(
        "repairs.done",
        120,
        Way.ANONYMISE,
        "《民法典》第一百八十八条；保修期内须能查证",
        "Civil Code article 188; must be provable within the warranty",
    ),
    ShippedRule(
        "tasks.closed",
        36,
        Way.ERASE,
        "《个人信息保护法》第十九条：为实现目的所必需的最短时间",
        "PIPL article 19: the shortest time the purpose needs",
    ),
    ShippedRule(
        "channels.contacts",
        60,
        Way.ANONYMISE,
        "《个人信息保护法》第十九条：为实现目的所必需的最短时间",
        "PIPL article 19: the shortest time the purpose needs",
    ),
    ShippedRule(
        "mailroom.mails",
        24,
        Way.ERASE,
        "《个人信息保护法》第十九条：为实现目的所必需的最短时间",
        "PIPL article 19: the shortest time the purpose needs",
    ),
    ShippedRule(
        "channels.messages",
        24,
        Way.ANONYMISE,
        "《通信短信息服务管理规定》：发送记录至少保存五个月",
        "Rules on short messages: records of sending are kept for at least five months",
    ),
    ShippedRule(
        "imports.files",
        12,
        Way.ANONYMISE,
        "《个人信息保护法》第十九条：为实现目的所必需的最短时间",
        "PIPL article 19: the shortest time the purpose needs",
    ),
    ShippedRule(
        "customers.prospects",
        36,
        Way.ANONYMISE,
        "《个人信息保护法》第十九条、第四十七条：目的已实现或不再必要",
        "PIPL articles 19 and 47: the purpose is reached or needs them no more",
    ),
    ShippedRule(
        "privacy.requests",
        36,
        Way.ANONYMISE,
        "《个人信息保护法》第五十六条：处理记录至少保存三年",
        "PIPL article 56: records of processing are kept for at least three years",
    ),
    ShippedRule(
        "leads.closed",
        24,
        Way.ERASE,
        "《个人信息保护法》第十九条：为实现目的所必需的最短时间",
        "PIPL article 19: the shortest time the purpose needs",
    ),
    ShippedRule(
        "brokers.registrations",
        12,
        Way.ERASE,
        "《个人信息保护法》第十九条：为实现目的所必需的最短时间",
        "PIPL article 19: the shortest time the purpose needs",
    ),
    ShippedRule(
        "promises.acknowledgements",
        36,
        Way.ERASE,
        "《民法典》第一百八十八条：诉讼时效三年；未签约者不再需要",
        "Civil Code article 188: claims lapse after three years; without a contract it is needed no longer",
    ),
    ShippedRule(
        "registers.incidents",
        36,
        Way.ERASE,
        "《个人信息保护法》第五十六条：处理情况记录至少保存三年",
        "PIPL article 56: records are kept for at least three years",
    ),
    ShippedRule(
        "registers.assessments",
        36,
        Way.ERASE,
        "《个人信息保护法》第五十六条：评估报告和记录至少保存三年",
        "PIPL article 56: reports of assessments are kept for at least three years",
    ),
    ShippedRule(
        "registers.audits",
        36,
        Way.ERASE,
        "《个人信息保护法》第五十四条、第五十六条：参照至少三年",
        "PIPL articles 54 and 56: three years at least, by analogy",
    ),
)
