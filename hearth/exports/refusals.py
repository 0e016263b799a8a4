"""Why a list is not written to a file, or a file not given."""

from django.utils.translation import gettext_lazy as _

from hearth.core.errors import Conflict, DomainError, InvalidInput


class ReasonMissing(InvalidInput):
    """Whoever takes data away says why."""

    code = "reason_missing"
    message = _("Say in a few words what the file is needed for.")


class UnknownColumn(InvalidInput):
    """A column is not there, or not for this reader."""

    code = "unknown_column"
    message = _("Choose at least one of the columns you may see.")


class UnknownFilter(InvalidInput):
    """The list does not know a filter: without it the file would hold more rows than were asked for."""

    code = "unknown_filter"
    message = _("The list does not know “%(names)s”, or has no such value.")


class TooManyUnfinished(DomainError):
    """A person has some files written at a time."""

    code = "too_many_unfinished"
    message = _("%(most)s of your files are still being written. Wait for them, or give one up.")


class ViewChanged(Conflict):
    """What a reader may see is less than what was asked for, or than what stands in the file."""

    code = "view_changed"
    message = _("What you may see of this list has changed. Ask for the file again.")


class NotHeld(DomainError):
    """Only what waits for a second person can be approved or refused."""

    code = "not_held"
    message = _("This export does not wait for an approval.")


class OwnExport(DomainError):
    """Two persons stand behind a large file."""

    code = "own_export"
    message = _("Somebody else must decide over a file that you asked for.")


class NotUnfinished(DomainError):
    """Only what is not written yet can be given up."""

    code = "not_unfinished"
    message = _("This export is over already.")


class FileNotThere(DomainError):
    """The file is not ready, or was removed after its days."""

    code = "file_not_there"
    message = _("There is no file: it is not ready, or was removed after its days.")
