"""Words and colours of owner stages and value tiers."""

from django import template

from hearth.customers.words import OWNER_STAGES, STAGE_COLOURS, TIER_COLOURS, VALUE_TIERS, word

register = template.Library()


@register.filter
def stage_word(code: str) -> str:
    return word(OWNER_STAGES, code)


@register.filter
def tier_word(code: str) -> str:
    return word(VALUE_TIERS, code)


@register.filter
def stage_colour(code: str) -> str:
    return STAGE_COLOURS.get(code, "secondary")


@register.filter
def tier_colour(code: str) -> str:
    return TIER_COLOURS.get(code, "secondary")
