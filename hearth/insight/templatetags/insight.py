"""Words for codes in templates."""

from django import template

from hearth.insight import words

register = template.Library()


@register.filter
def tier_word(code: str) -> str:
    """Write the word for a value tier."""
    return words.tier_word(code)
