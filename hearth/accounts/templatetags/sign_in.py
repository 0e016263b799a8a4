"""What the page of the sign-in offers besides the password."""

from django import template
from django.conf import settings

from hearth.accounts.sso import is_offered

register = template.Library()


@register.simple_tag
def sso_name() -> str:
    """Return the name of the provider of single sign-on, empty where there is none."""
    return str(settings.OIDC_NAME) if is_offered() else ""
