"""The banner, and the place in the rail."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hearth.core.context import Notice, notices
from hearth.core.navigation import Place, Section, register_place
from hearth.core.permissions import actor_of
from hearth.demo.permissions import DEMO_MANAGE


def _shows_banner(request: HttpRequest) -> bool:
    """Ask after the page, for those who may remove the sample: no page pays a query for it."""
    return actor_of(request).can(DEMO_MANAGE)


notices.register("demo", Notice("demo/banner_place.html", _shows_banner))
register_place(
    Place(_("Sample data"), "flask", "demo:status", DEMO_MANAGE, order=90, section=Section.SETTINGS)
)
