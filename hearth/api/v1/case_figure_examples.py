"""Examples of figures of cases."""

from hearth.api.v1.examples import Example

_LINE: Example = {
    "label": "Shenzhen",
    "cases": 240,
    "complaints": 60,
    "still_open": 12,
    "judged_answers": 236,
    "answered_in_a_day": 221,
    "judged_solutions": 228,
    "solved_in_time": 205,
    "closed": 228,
    "right_at_once": 210,
    "repeated": 9,
    "climbed": 14,
    "called_back": 200,
    "satisfied": 181,
    "households": 8200,
}
CASE_FIGURES: Example = {
    "by": "company",
    "first_date": "2026-01-01",
    "last_date": "2026-03-31",
    "lines": [_LINE],
    "total": {**_LINE, "label": "Total"},
}
