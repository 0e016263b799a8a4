# domain data
"""What a broker confirms to have told the customer before registering them. A changed text is a new version."""

from django.utils.translation import get_language

# PIPL article 13 (1) and 23: passing on name and phone asks for the consent of the person.
LEGAL_BASIS = "consent"
NOTICES: dict[int, tuple[str, str]] = {
    1: (
        "客户已知悉并同意：其姓名和电话由本人提供给{company}，仅用于登记其到访{project}、联系看房和确认推荐关系；"
        "客户可随时要求查询、更正或删除，未成交的登记到期后删除。",
        "The customer knows and agrees: I give their name and phone to {company}, for nothing but their visit to "
        "{project}, arranging it and confirming who recommended them; they may ask at any time to see, correct or "
        "erase it, and a registration that leads to no contract is erased when its time has passed.",
    )
}
CURRENT = max(NOTICES)


def notice_words(version: int, *, company: str, project: str) -> str:
    """Return a version of the notice in the language of the reader."""
    chinese, english = NOTICES[version]
    text = english if (get_language() or "").startswith("en") else chinese
    return text.format(company=company, project=project)
