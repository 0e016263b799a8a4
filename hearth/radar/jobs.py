"""The radar listens by the clock."""

from datetime import UTC, datetime

from django.utils import timezone

from hearth.core.jobs import job, periodic
from hearth.organization.models import OrgUnit
from hearth.radar.selectors import places_with_news
from hearth.radar.services import listen


@periodic("radar.look", cron="* * * * * */20")
def look(timestamp: int) -> None:
    """Three times a minute, have every city listened to where somebody spoke since."""
    for place_id in places_with_news(now=datetime.fromtimestamp(timestamp, tz=UTC)):
        listen_to.defer(place_id=place_id)


@job("radar.listen", queue="upkeep")
def listen_to(*, place_id: int) -> None:
    """Judge what was said in the projects of a city since it was last listened to."""
    place = OrgUnit.objects.filter(pk=place_id).first()
    if place is not None:
        listen(place, now=timezone.now())
