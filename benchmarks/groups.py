"""Measures that are asked for together: `hearth bench loop`, `hearth bench record`, `hearth bench fence`,
`hearth bench rotation`, `hearth bench audit`."""

from collections.abc import Mapping, Sequence

GROUPS: Mapping[str, Sequence[str]] = {
    "loop": (
        "start page",
        "customer list, first page",
        "customer list, deep page",
        "search",
        "customer page",
        "case list",
        "create through the API",
        "import of",
        "snapshot",
        "segment",
        "campaign",
        "memory",
    ),
    "audit": ("audit log:",),
    "fence": ("the fence",),
    "rotation": ("keys: everything under a new one", "keys: search under a new one"),
    "record": (
        "customer list",
        "search by",
        "palette",
        "customer page",
        "timeline",
        "create through the API",
        "duplicates",
        "merge",
        "preview of",
        "import of",
        "export of",
        "webhook",
    ),
}
"""Parts of the names of measures, by group."""
