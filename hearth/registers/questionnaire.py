# domain data
"""The template of impact assessments: which question follows from which trigger (PIPL articles 55 and 56).

The first part is asked of every assessment. A question is changed by a new code, so that old answers keep theirs.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True)
class Question:
    """A question of the template; `trigger` is empty where it is asked always."""

    code: str
    trigger: str
    text_zh: str
    text_en: str

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return self.text_zh if (get_language() or "").startswith("zh") else self.text_en


QUESTIONS = (
    Question(
        "purpose", "",
        "处理的目的、方式是什么？是否合法、正当、必要？",
        "What is done with the data, how and to what end? Is it lawful, fair and necessary?",
    ),
    Question(
        "effect", "",
        "对个人权益有什么影响？有哪些安全风险？",
        "How does it affect the rights of the persons, and what can go wrong?",
    ),
    Question(
        "protection", "",
        "采取的保护措施是否合法、有效，并与风险程度相适应？",
        "Are the protective measures lawful, effective and fit for the risk?",
    ),
    Question(
        "sensitive-need", "sensitive",
        "为什么必须处理敏感个人信息？如何取得单独同意？",
        "Why are sensitive data needed, and how is separate consent obtained?",
    ),
    Question(
        "automated-fairness", "automated",
        "自动化决策如何保证透明和公平？个人如何拒绝，如何得到说明？",
        "How is the automated decision kept transparent and fair? How does a person refuse it or have it explained?",
    ),
    Question(
        "entrusting-duties", "entrusting",
        "受托人是谁？约定了哪些义务？如何监督，合同结束后如何返还或删除？",
        "Who is entrusted, with which duties? How are they supervised, and how do data come back at the end?",
    ),
    Question(
        "giving-consent", "giving",
        "向谁提供、提供哪些信息？是否告知并取得单独同意？",
        "Who receives which data? Are the persons told, and is separate consent obtained?",
    ),
    Question(
        "publishing-need", "publishing",
        "为什么需要公开？能否去标识化？是否取得单独同意？",
        "Why are the data made public? Can they be de-identified? Is separate consent obtained?",
    ),
    Question(
        "abroad-ground", "abroad",
        "依据哪条途径出境（安全评估、认证、标准合同）？境外接收方的保护水平如何？",
        "By which way do the data leave the country (assessment, certificate, standard contract), and how does the "
        "receiver protect them?",
    ),
    Question(
        "effect-remedy", "effect",
        "对个人有什么重大影响？个人有哪些救济途径？",
        "What is the major effect on the persons, and which remedies do they have?",
    ),
)  # fmt: skip


def questions_for(triggers: Collection[str]) -> list[Question]:
    """Return the questions that an assessment with these triggers answers."""
    return [each for each in QUESTIONS if not each.trigger or each.trigger in triggers]
