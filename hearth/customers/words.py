"""Words for codes that the analysis, events and lists use."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

OWNER_STAGES: Words = {
    "prospect": _("prospect"),
    "pre_owner": _("pre-owner"),
    "settling_in_owner": _("settling-in owner"),
    "stable_owner": _("stable owner"),
    "long_term_owner": _("long-term owner"),
}
STAGE_COLOURS = {
    "pre_owner": "azure",
    "settling_in_owner": "orange",
    "stable_owner": "green",
    "long_term_owner": "indigo",
}
VALUE_TIERS: Words = {
    "top": _("top"),
    "large": _("large"),
    "medium": _("medium"),
    "small": _("small"),
    "inactive": _("inactive"),
    "prospect": _("prospect"),
    "suspect": _("suspect"),
}
PORTFOLIO_ACTIONS: Words = {
    "retain": _("retain"),
    "maintain": _("win back"),
    "activate": _("activate"),
    "acquire": _("acquire"),
    "serve": _("serve"),
}
TIER_COLOURS = {"top": "yellow", "large": "lime", "medium": "cyan"}
FIELDS: Words = {
    "kind": _("kind"),
    "name": _("name"),
    "sex": _("sex"),
    "birth_date": _("date of birth"),
    "identity_number": _("identity number"),
    "occupation": _("occupation"),
    "source": _("source"),
    "household_role": _("role in the household"),
    "responsible_id": _("responsible person"),
    "household_id": _("household"),
    "identity_index": _("identity number"),
    "created_at": _("first recorded"),
    "last_contact_at": _("last contact"),
    "external_key": _("external key"),
    "note": _("note"),
    "origins": _("source and right"),
    "custom": _("further fields"),
    "places": _("known at a further place"),
    "phone": _("phone"),
    "email": _("e-mail"),
    "wechat": _("WeChat"),
    "address": _("address"),
    "preferred_phone": _("preferred phone"),
    "preferred_email": _("preferred e-mail"),
    "preferred_wechat": _("preferred WeChat name"),
    "preferred_address": _("preferred address"),
}


def word(words: Words, code: str) -> str:
    """Return the word for a code; the code itself where a company made up its own."""
    return str(words.get(code, code))


def words_of_fields(names: Iterable[str]) -> str:
    """List fields in words."""
    return ", ".join(word(FIELDS, name) for name in names)
