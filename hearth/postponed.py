"""Libraries of tens of megabytes, loaded by the process that uses them and not by every process at its start."""

from importlib import import_module
from typing import Any


class Postponed:
    """Stands for a module until something of it is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)

    def __repr__(self) -> str:
        return f"<postponed {self._name}>"
