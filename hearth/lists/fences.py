"""Views are habits of colleagues; what a run changed is a customer's."""

from hearth.core.fence import SOMEBODY, fence, leave_open
from hearth.lists.models import BulkRow, BulkRun, DefaultView, PinnedView, SavedView

for habit in (PinnedView, DefaultView, BulkRun):
    leave_open(habit, because="Which list a colleague looks at, and that a run was begun.")
for worded in (SavedView, BulkRow):  # filters hold names that were sought, rows what they held before
    fence(worded, SOMEBODY)
