"""What was told of a case, and what it is about."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked, OneOf
from hearth.api.v1 import examples
from hearth.cases.models import Case, CaseAccount, Cause
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import NotAChoice
from hearth.cases.services.accounts import Account
from hearth.cases.services.retelling import keep_account
from hearth.core.permissions import actor_of

router = Router(tags=["cases"])
CATEGORY = "The code of a cause that matters are taken in under; its Chinese name becomes the topic."


class CaseAccountBody(Asked):
    """What the customer told beside the words: when, where, who, how, why, what is asked and by when."""

    happened_date: date | None = None
    spot: str = Field("", max_length=120, description="Where exactly.")
    persons: str = Field("", max_length=200, description="Who was concerned.")
    course: str = Field("", max_length=4000, description="How it came about.")
    reason: str = Field("", max_length=500, description="Why, as the customer sees it.")
    demand: Annotated[str, OneOf(CaseAccount.Demand)] | None = None
    demand_note: str = Field("", max_length=300, description="The demand in words.")
    expected_date: date | None = Field(None, description="By when the customer expects it.")
    others: str = Field("", max_length=300, description="Who else is affected.")

    @property
    def told(self) -> Account:
        return Account(**{**self.model_dump(exclude={"category"}), "demand": self.demand or ""})


class CaseAccountToKeep(CaseAccountBody):
    """What was told, with the category of the case."""

    category: str = Field("", max_length=40, description=CATEGORY)


@endpoint(
    router,
    "PUT /cases/{uuid:case_id}/account",
    permission=CHANGE_CASE,
    returns=CaseAccountToKeep,
    summary="Keep what was told of a case",
    example=examples.CASE_ACCOUNT,
    body_example=examples.CASE_ACCOUNT,
    problems=(404,),
)
def put_case_account(request: HttpRequest, case_id: UUID, body: CaseAccountToKeep) -> Reply:
    """Write what was told, and what the case is about, in place of what was written before."""
    actor = actor_of(request)
    case = get_object_or_404(Case.objects.visible_to(actor), pk=case_id)
    keep_account(case, body.told, category_id=category_id(body.category), actor=actor, now=timezone.now())
    return Reply(read_account(Case.objects.select_related("account", "category").get(pk=case.pk)))


def category_id(code: str) -> int | None:
    """Return the key of a category.

    :raises NotAChoice: if there is none of that code
    """
    if not code:
        return None
    found = Cause.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise NotAChoice("category")
    return found


def read_account(case: Case) -> CaseAccountToKeep:
    """Return what was told of a case that was fetched with its account and category."""
    account = getattr(case, "account", None) or Account()
    values = {name: getattr(account, name) for name in Account.__dataclass_fields__}
    category = case.category.code if case.category else ""
    return CaseAccountToKeep(**{**values, "demand": account.demand or None}, category=category)
