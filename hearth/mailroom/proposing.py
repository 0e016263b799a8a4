# domain data
"""Which kind of matter the words of a mail point at, and how subjects of answers begin."""

from hearth.cases.models import Case

ANSWER_SIGNS = ("re:", "re\uff1a", "回复:", "回复\uff1a")

# The first kind one of whose words is there; a complaint that also names a leak is a complaint.
WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (Case.Kind.COMPLAINT, ("投诉", "不满", "举报", "维权", "欺骗", "complain", "complaint", "unacceptable")),
    (Case.Kind.PRAISE, ("表扬", "锦旗", "感谢信", "praise", "compliment")),
    (
        Case.Kind.REPAIR,
        (
            "报修",
            "维修",
            "漏水",
            "渗漏",
            "渗水",
            "坏了",
            "开裂",
            "空鼓",
            "堵塞",
            "repair",
            "leak",
            "broken",
            "crack",
        ),
    ),
    (Case.Kind.SUGGESTION, ("建议", "希望增加", "suggest", "proposal")),
)


def propose_kind(*texts: str) -> str:
    """Return the kind that the words point at: an enquiry where they point at none."""
    said = "\n".join(texts).lower()[:20_000]
    for kind, words in WORDS:
        if any(word in said for word in words):
            return kind
    return Case.Kind.ENQUIRY
