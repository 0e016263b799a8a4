"""What a contract said before stays: every change writes down what held until then."""

from datetime import datetime
from typing import Any

from hearth.core.actor import Actor
from hearth.sales.models import Contract, ContractVersion


def lock_contract(contract: Contract) -> Contract:
    """Return a contract as it is now, locked, with its home."""
    rows = Contract.objects.select_for_update(of=("self",)).select_related("unit", "org_unit", "customer")
    return rows.get(pk=contract.pk)


def change_version(locked: Contract, *, because: str, actor: Actor, now: datetime, **values: Any) -> Contract:
    """Keep what a locked contract says, and write what it says from now on; a step, opens no transaction."""
    ContractVersion.objects.create(
        org_unit_id=locked.org_unit_id,
        contract=locked,
        version=locked.version,
        customer_id=locked.customer_id,
        state=locked.state,
        total_amount=locked.total_amount,
        recorded_at=min(locked.known_at, now),
        superseded_at=now,
        superseded_by_id=actor.user_id,
        because=because,
        created_at=now,
        updated_at=now,
        is_sample=locked.is_sample,
    )
    for name, value in values.items():
        setattr(locked, name, value)
    locked.version, locked.recorded_at, locked.updated_at = locked.version + 1, now, now
    locked.save(update_fields=[*values, "version", "recorded_at", "updated_at"])
    return locked


def about_contract(contract: Contract) -> dict[str, Any]:
    """What every event of a contract carries; the contract was loaded with its home."""
    return {
        "org_unit_id": contract.org_unit_id,
        "customer_id": contract.customer_id,
        "unit_id": contract.unit_id,
        "project_id": contract.unit.project_id,
        "subject_id": contract.pk,
        "is_sample": contract.is_sample,
    }
