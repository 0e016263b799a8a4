"""Completing what a customer told, as more becomes known."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from hearth.cases.events import CaseChanged
from hearth.cases.models import Case, CaseAccount
from hearth.cases.services.accounts import Account, require_in_use, require_likely, topics_of
from hearth.cases.services.steps import about, live
from hearth.core.actor import Actor
from hearth.core.events import record


@transaction.atomic
def keep_account(
    case: Case, account: Account, *, category_id: int | None, actor: Actor, now: datetime
) -> CaseAccount | None:
    """Write what was told and what it is about in place of what was written before.

    A category brings its topic. Records what changed, and nothing when nothing did.

    :raises NotAllowed: if the actor may not change cases there
    :raises CaseIsClosed: if the case is closed
    :raises DayUnlikely: if it happened after the case opened, or is expected before
    :raises CategoryPutAside: if the category is another than it was, and no longer used
    """
    case, account = live(case, actor), account.trimmed
    require_likely(account, opened_at=case.opened_at)
    standing = CaseAccount.objects.filter(case=case).first()
    values = asdict(account)
    changed = [name for name, value in values.items() if value != _standing(standing, name)]
    if case.category_id != category_id:
        require_in_use(category_id)
        changed.append("category")
        case.category_id, case.updated_at = category_id, now
        case.topic = topics_of({category_id}).get(category_id, "") if category_id else case.topic
        case.save(update_fields=["category", "topic", "updated_at"])
    if not changed:
        return standing
    if standing or not account.is_empty:
        begun = {**values, "created_at": now, "is_sample": case.is_sample}
        standing, _is_new = CaseAccount.objects.update_or_create(
            case=case, defaults={**values, "updated_at": now}, create_defaults={**begun, "updated_at": now}
        )
    record(CaseChanged(**about(case), changed=tuple(changed)), actor=actor, now=now)
    return standing


def _standing(account: CaseAccount | None, name: str) -> object:
    return getattr(account or Account(), name)
