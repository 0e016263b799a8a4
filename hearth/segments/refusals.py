"""Why a rule can be refused, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise | str] = {
    "not_an_object": _("Each part of a rule is an object."),
    "unknown_key": _("A rule does not know “%(key)s”."),
    "empty_group": _("Add at least one condition."),
    "too_deep": _("Groups may be nested %(limit)s deep at most."),
    "too_many": _("A rule may have %(limit)s conditions at most."),
    "unknown_field": _("There is no field “%(name)s”."),
    "unknown_behaviour": _("There is no behaviour “%(name)s”."),
    "unknown_operator": _("“%(op)s” cannot be asked of this field."),
    "unknown_aggregate": _("This behaviour cannot be measured by “%(name)s”."),
    "value_missing": _("Enter a value."),
    "value_not_a_number": _("Enter a number."),
    "value_not_a_date": _("Enter a date."),
    "value_not_a_choice": _("Choose at least one."),
    "value_unknown": _("“%(value)s” is not among the choices."),
    "value_too_large": _("This number is too large."),
    "value_out_of_order": _("The first value must not exceed the second."),
    "value_unexpected": _("This question takes no value."),
    "days_not_valid": _("Enter a number of days from 1 to %(limit)s."),
    "days_unexpected": _("This behaviour has no time."),
}
