"""What apps above offer for every list, and for chosen rows of it."""

from dataclasses import dataclass

from hearth.core.actor import Actor
from hearth.core.registry import Registry
from hearth.lists.filters.base import Words


@dataclass(frozen=True)
class ListTool:
    """A dialog for a list: `url_name` takes the key of the list, and what the list shows follows as parameters.

    GET asks for all rows of the list, POST for those chosen: `rows` are ids divided by commas, `all` says every row.
    """

    label: Words
    icon: str
    permission: str
    url_name: str


list_tools: Registry[ListTool] = Registry()


def tools_for(actor: Actor) -> list[ListTool]:
    """Return the tools the actor may use."""
    return [tool for tool in list_tools.values() if actor.can(tool.permission)]
