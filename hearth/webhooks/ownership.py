"""Whose webhooks are."""

from hearth.core.ownership import register_mark

register_mark(
    "webhooks.Endpoint.owner",
    "A webhook sees what its owner sees, so it is never handed on: without them it stops, and who resumes it owns it.",
)
