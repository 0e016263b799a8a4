"""Keys to people that only say whose arrangement of a list it is."""

from hearth.core.ownership import register_mark

register_mark(
    "lists.SavedView.owner", "a view is an arrangement of a list; whoever shares views there may change it"
)
register_mark("lists.PinnedView.user", "what a person pinned is nobody else's")
register_mark("lists.DefaultView.user", "what a person opens first is nobody else's")
register_mark("lists.BulkRun.created_by", "who asked for a change of many rows")
