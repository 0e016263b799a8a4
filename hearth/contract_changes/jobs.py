"""What the calendar does to changes of contracts."""

from datetime import UTC, datetime

from hearth.contract_changes.services import lapse_changes, remind_approvers
from hearth.core.jobs import periodic


@periodic("contract_changes.remind", cron="23 * * * *")
def remind(timestamp: int) -> None:
    """Remind, every hour, those who have not answered in time, and end what nobody carried out."""
    now = datetime.fromtimestamp(timestamp, tz=UTC)
    lapse_changes(now=now)
    remind_approvers(now=now)
