"""Tasks are seen at their place, and by whoever they were given to."""

from hearth.core.fence import SOMEBODY, at_place, fence, of_person
from hearth.tasks.models import Task

fence(Task, at_place(), of_person("assignee_id"), takes=SOMEBODY)
