"""The rights of roles in words, grouped by the app that asks for them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.apps import apps
from django.utils.functional import Promise

from hearth.core.permissions import permissions


@dataclass(frozen=True)
class Right:
    name: str
    label: str | Promise
    is_held: bool


@dataclass(frozen=True)
class RightsOfApp:
    title: str | Promise
    rights: list[Right]


def rights_by_app(wanted: Collection[str] | None, *, held: Collection[str] = ()) -> list[RightsOfApp]:
    """Group rights by app, in the order of declaration; None means every declared right."""
    groups: dict[str, list[Right]] = {}
    for name, label in permissions.items():
        if wanted is None or name in wanted:
            groups.setdefault(name.split(".")[0], []).append(Right(name, label, name in held))
    return [RightsOfApp(apps.get_app_config(app).verbose_name, rights) for app, rights in groups.items()]
