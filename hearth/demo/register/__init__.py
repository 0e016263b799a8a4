"""An invented register of persons who were entered more than once, with the truth of who is who."""

from hearth.demo.register.making import Register, make_register
from hearth.demo.register.records import Entry

__all__ = ["Entry", "Register", "make_register"]
