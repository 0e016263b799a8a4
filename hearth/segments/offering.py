"""The catalogue as the editor reads it, in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _

from hearth.segments.catalogue import Behaviour, SegmentField, available_behaviours, available_fields
from hearth.segments.rules import AGGREGATE_OPERATORS, AGGREGATES, OPERATORS
from hearth.segments.wording import AGGREGATE_WORDS, OPERATOR_WORDS


def editor_catalogue() -> dict[str, Any]:
    """Return fields, behaviours, operators and words as JSON; a query for each list of choices that is a table."""
    return {
        "fields": [_field(field) for field in available_fields()],
        "behaviours": [_behaviour(behaviour) for behaviour in available_behaviours()],
        "operators": {kind: [[op, str(OPERATOR_WORDS[op])] for op in ops] for kind, ops in OPERATORS.items()},
        "measures": [[op, str(OPERATOR_WORDS[op])] for op in AGGREGATE_OPERATORS],
        "words": {
            "all": _("All of these hold"),
            "any": _("At least one of these holds"),
            "none": _("None of these holds"),
            "addCondition": _("Add a condition"),
            "addGroup": _("Add a group"),
            "addFilter": _("Only those where…"),
            "remove": _("Remove"),
            "field": _("Field"),
            "operator": _("Comparison"),
            "value": _("Value to compare"),
            "to": _("to"),
            "days": _("in the last days (empty: ever)"),
            "measure": _("Measure"),
            "behaviours": _("What they did"),
            "joiner": _("How the conditions join"),
        },
    }


def _field(field: SegmentField) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": str(field.label),
        "kind": field.kind,
        "subject": str(field.subject),
        "choices": [[code, str(label)] for code, label in field.list_choices()],
    }


def _behaviour(behaviour: Behaviour) -> dict[str, Any]:
    return {
        "name": behaviour.name,
        "label": str(behaviour.label),
        "hasTime": bool(behaviour.time),
        "filters": [_field(field) for field in behaviour.list_filters()],
        "aggregates": [[name, str(AGGREGATE_WORDS[name])] for name in AGGREGATES if behaviour.offers(name)],
    }
