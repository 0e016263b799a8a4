"""What lists show: their rows, their numbers, and the views people saved."""

from hearth.lists.selectors.rows import (
    Count,
    GroupCount,
    GroupCounts,
    ListPage,
    about,
    about_how_many,
    count_rows,
    group_counts,
    keys_in_order,
    list_rows,
    read_batch,
    read_page,
    row_beside,
)
from hearth.lists.selectors.views import (
    MOST_PINS,
    OpenedList,
    ViewEntry,
    open_list,
    pinned_views,
    view_entries,
)

__all__ = [
    "MOST_PINS",
    "Count",
    "GroupCount",
    "GroupCounts",
    "ListPage",
    "OpenedList",
    "ViewEntry",
    "about",
    "about_how_many",
    "count_rows",
    "group_counts",
    "keys_in_order",
    "list_rows",
    "open_list",
    "pinned_views",
    "read_batch",
    "read_page",
    "row_beside",
    "view_entries",
]
