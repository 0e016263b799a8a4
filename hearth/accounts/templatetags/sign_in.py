"""What the page of the sign-in offers besides the password."""

from django import template

from hearth.accounts.sso import Offer, offers

register = template.Library()


@register.simple_tag
def sign_in_offers() -> list[Offer]:
    """Return the providers of single sign-on, none where the installation names none."""
    return offers()
