# domain data
"""The words of the letter to persons whom an incident touched, in Chinese, and what a draft of it begins with.

The parts are those of article 57 of the PIPL: kinds of data, cause and possible harm; measures taken and what the
person can do; whom to ask. Harm and advice by kind of data are proposals; whoever writes the letter changes them.
"""

from collections.abc import Collection

from django.utils.timezone import localtime
from django.utils.translation import override

from hearth.registers.models import DataKind, NoticeLetter

SUBJECT = "关于个人信息安全事件的告知"
TO_EVERYBODY = "各位客户："
HARM = {
    DataKind.NAME: "可能收到推销、骚扰电话或冒充我们的诈骗短信。",
    DataKind.ADDRESS: "住址可能被他人知悉，可能有人上门推销或冒充物业人员。",
    DataKind.CONTRACT: "购房合同和付款情况可能被他人知悉，可能被用于有针对性的诈骗。",
    DataKind.TALK: "与我们沟通的内容可能被他人知悉。",
    DataKind.IDENTITY: "证件号码可能被冒用于开户、贷款或注册账号。",
    DataKind.ACCOUNT: "银行账户和收入情况可能被用于诈骗或盗刷。",
    DataKind.HEALTH: "健康状况可能被他人知悉，影响个人生活。",
    DataKind.CHILD: "未成年子女的信息可能被他人知悉，请留意其人身安全。",
}
ADVICE_ALWAYS = "请警惕自称我们或有关部门的来电和短信；我们不会通过电话索要验证码、密码或要求转账。"
ADVICE = {
    DataKind.IDENTITY: "建议查询个人信用报告，留意名下是否出现陌生的开户或贷款。",
    DataKind.ACCOUNT: "建议修改银行账户密码，开启余额变动提醒，发现异常立即联系银行。",
    DataKind.ADDRESS: "有人上门时，请先核实其身份。",
}


def harm_of(kinds: Collection[str]) -> str:
    """Propose what may follow from the loss of these kinds of data."""
    return "\n".join(words for kind, words in HARM.items() if kind in kinds)


def advice_for(kinds: Collection[str]) -> str:
    """Propose what persons can do after the loss of these kinds of data."""
    return "\n".join([ADVICE_ALWAYS, *(words for kind, words in ADVICE.items() if kind in kinds)])


def letter_parts(letter: NoticeLetter) -> list[tuple[str, str]]:
    """Return the parts of a letter, each with its heading."""
    with override("zh-hans"):
        kinds = "、".join(str(label) for label in letter.kind_labels)
    return [
        ("涉及的个人信息", kinds),
        ("事件经过和原因", letter.cause),
        ("可能造成的危害", letter.harm),
        ("我们已采取的措施", letter.measures),
        ("您可以采取的措施", letter.advice),
        ("联系方式", letter.contact),
    ]


def letter_body(letter: NoticeLetter, *, name: str) -> str:
    """Return the whole letter to one person."""
    numerals = "一二三四五六"
    parts = [
        f"{numeral}、{heading}\n{words}"
        for numeral, (heading, words) in zip(numerals, letter_parts(letter), strict=True)
    ]
    approved = letter.approved_at
    day = f"{localtime(approved):%Y-%m-%d}" if approved else ""
    opening = (
        f"尊敬的{name}：\n\n我们依照《个人信息保护法》第五十七条，就一起涉及您的个人信息安全事件告知如下。"
    )
    return "\n\n".join([opening, *parts, f"{letter.incident.org_unit.name}\n{day}".strip()])
