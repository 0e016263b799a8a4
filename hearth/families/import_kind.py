# domain data
"""Loading who belongs to whom from a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.customers.lookup import CUSTOMER_KEY_FIELDS, CUSTOMER_MESSAGES, Found, find_customers
from hearth.customers.permissions import CHANGE_CUSTOMER
from hearth.families.models import Relationship
from hearth.families.services import NewRelationship, RelationshipRules, relate_many
from hearth.families.services.relationships import REASONS
from hearth.imports.kinds import ImportContext, ImportField, ImportKind, Problem, Row, Written
from hearth.imports.reversal import RecordReverter

# What the other one is to the customer. The first word says it in refusals.
RELATION_WORDS = {
    "spouse": ("配偶", "夫妻", "丈夫", "妻子", "爱人", "spouse", "husband", "wife"),
    "parent": ("父母", "父亲", "母亲", "爸爸", "妈妈", "parent", "father", "mother"),
    "child": ("子女", "儿子", "女儿", "孩子", "child", "son", "daughter"),
    "referrer": ("推荐人", "介绍人", "老带新推荐人", "referrer", "referred by"),
    "referred": ("被推荐人", "被介绍人", "referred", "referral"),
    "decision_maker": ("决策人", "决策者", "拍板人", "decision maker", "decider"),
    "payer": ("付款人", "出资人", "付款方", "payer"),
    "agent": ("代理人", "代办人", "委托人代表", "agent", "proxy"),
    "contact": ("联系人", "企业联系人", "公司联系人", "contact"),
}
# Words for the other direction of a relation.
TURNED = {"child": "parent", "referred": "referrer"}

FIELDS = (
    *CUSTOMER_KEY_FIELDS,
    ImportField(
        "relation",
        _("What the other one is to the customer"),
        "choice",
        is_required=True,
        aliases=("关系", "与客户关系", "关系类型", "关联关系", "relation", "relationship"),
        choices=RELATION_WORDS,
    ),
    ImportField(
        "other_key",
        _("Key of the other one"),
        "key",
        aliases=("关联客户编号", "关系人编号", "对方客户编号", "对方编号", "other key", "related customer"),
        max_length=60,
    ),
    ImportField(
        "other_phone",
        _("Phone of the other one"),
        "phones",
        aliases=("关联客户电话", "关系人电话", "关系人手机", "对方电话", "other phone", "related phone"),
    ),
    ImportField("position", _("Position"), aliases=("职务", "岗位", "position", "title"), max_length=60),
    ImportField(
        "valid_from",
        _("In force from"),
        "date",
        aliases=("开始日期", "起始日期", "生效日期", "from", "since"),
    ),
    ImportField(
        "valid_to", _("In force until"), "date", aliases=("结束日期", "终止日期", "失效日期", "until", "to")
    ),
)
MESSAGES = {
    **CUSTOMER_MESSAGES,
    "other_missing": _("The row does not say who the other one is."),
    "not_allowed": _("You do not have the right to do this here."),
    "related_to_themselves": _("Nobody is related to themselves."),
    "known": _("This relationship is recorded already."),
    "known_in_row": _("The same relationship stands in row %(first_row)s already."),
    "goes_round": _(
        "This leads round in a circle: nobody can be their own ancestor or refer themselves, not even through others."
    ),
    "ends_before_it_begins": _("A relationship cannot end before it begins."),
    "parent_and_spouse_in_row": _(
        "Row %(first_row)s excludes this: a parent cannot be the spouse of their child."
    ),
    "second_spouse_in_row": _("One of them is married already by row %(first_row)s."),
    "second_referrer_in_row": _("Row %(first_row)s names another referrer of this customer."),
    **REASONS,
}


class RelationshipLoader:
    """Rows of two known customers and what the second is to the first."""

    def __init__(self, context: ImportContext) -> None:
        self.context = context
        self.rules = RelationshipRules(context.actor)

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        """Find what is wrong with rows; a dozen queries for any number, but for very long lines of ancestors."""
        sides = self._sides(rows)
        whole: list[NewRelationship] = []
        for row in rows:
            found = [side for side in sides[row.number] if side.problem]
            yield from (side.problem for side in found if side.problem)
            if not found:
                whole.append(_new_relationship(row, *sides[row.number]))
        named = {row.number: _column(row) for row in rows}
        for number, flaw in self.rules.find_flaws(whole).items():
            field = {"ends_before_it_begins": "valid_to"}.get(flaw.code, named[number])
            yield Problem(number, field, flaw.code, flaw.params)

    def write(self, rows: Sequence[Row]) -> Sequence[Written]:
        """Record relationships."""
        sides = self._sides(rows)
        news = [_new_relationship(row, *sides[row.number]) for row in rows]
        written = relate_many(news, actor=self.context.actor, now=self.context.now)
        return [Written("created", relationship.pk) for relationship in written]

    def recall(self, rows: Sequence[Row], record_ids: Mapping[int, UUID]) -> None:
        """Remember nothing: what earlier batches wrote is recorded, and the rules look there."""

    def _sides(self, rows: Sequence[Row]) -> Mapping[int, tuple[Found, Found]]:
        """Find both customers of each row; at most six queries."""
        customers = find_customers(rows, self.context.actor)
        others = find_customers([_turned(row) for row in rows], self.context.actor)
        return {row.number: (customers[row.number], _named_anew(others[row.number])) for row in rows}


class RelationshipReverter(RecordReverter[Relationship]):
    """Deletes relationships."""

    model = Relationship


def _turned(row: Row) -> Row:
    """Return a row that names the other one as its customer."""
    values = row.values
    return Row(
        row.number,
        {"customer_key": values.get("other_key"), "customer_phone": values.get("other_phone")},
    )


def _named_anew(found: Found) -> Found:
    """Say of the other one's columns what was said of the customer's."""
    if found.problem is None:
        return found
    name = found.problem.field_name.replace("customer", "other")
    code = {"customer_missing": "other_missing"}.get(found.problem.code, found.problem.code)
    return Found(None, replace(found.problem, field_name=name, code=code))


def _column(row: Row) -> str:
    return "other_key" if row.values.get("other_key") else "other_phone"


def _new_relationship(row: Row, customer: Found, other: Found) -> NewRelationship:
    if customer.customer_id is None or other.customer_id is None:
        message = "Rows that did not pass the check are not written."
        raise ValueError(message)
    values, relation = row.values, row.values["relation"]
    one, another = other.customer_id, customer.customer_id
    if relation in TURNED:
        one, another = another, one
    return NewRelationship(
        row=row.number,
        customer_id=one,
        other_id=another,
        kind=TURNED.get(relation, relation),
        position=values.get("position") or "",
        valid_from=values.get("valid_from"),
        valid_to=values.get("valid_to"),
    )


RELATIONSHIPS = ImportKind(
    code="relationships",
    label=_("Relationships"),
    description=_("Who belongs to whom: spouses, parents, referrers, payers, agents, contacts of companies."),
    icon="users",
    permission=CHANGE_CUSTOMER,
    fields=FIELDS,
    loader=RelationshipLoader,
    reverter=RelationshipReverter,
    messages=MESSAGES,
    order=15,
)
