"""Why an import is refused."""

from django.utils.translation import gettext_lazy as _

from hearth.core.errors import Conflict, DomainError, InvalidInput


class UnknownKind(InvalidInput):
    """No app takes files of this kind."""

    code = "unknown_import_kind"
    message = _("There is no such kind of import.")


class WrongImportState(Conflict):
    """The file is not at the step that this act needs."""

    code = "wrong_import_state"
    message = _("This import is %(state)s; this step is not possible now. Load the page again.")


class RowsHaveProblems(DomainError):
    """Some rows are wrong and the good ones alone were not asked for."""

    code = "rows_have_problems"
    message = _("%(rows)s rows have problems. Correct the file, or choose to import the good rows only.")


class NothingToImport(DomainError):
    """No row is good."""

    code = "nothing_to_import"
    message = _("No row of the file can be imported. Look at the problems below and correct the file.")


class AlreadyImported(DomainError):
    """The same file was imported before at the same place."""

    code = "already_imported"
    message = _("This very file was already imported on %(when)s by %(who)s. Nothing was written again.")


class PlaceUnreachable(DomainError):
    """The folder or server could not be reached, or refused what was asked."""

    code = "place_unreachable"
    message = _("The folder could not be reached (%(reason)s). Check address, user, password and rights.")


class ServerInside(InvalidInput):
    """A server at an address inside the installation's own network, which the settings do not open."""

    code = "server_inside"
    message = _(
        "Files are fetched from servers in the open net only. Whoever runs Hearth can open a network of the company "
        "by HEARTH_SFTP_NETWORKS."
    )


class FileOfAnother(DomainError):
    """Who wants a file of an import did not bring it in."""

    code = "file_of_another"
    message = _(
        "Only who brought the file in can save it: it holds everything that stood in it, in full. "
        "Take an export instead."
    )


class FolderOutside(InvalidInput):
    """A folder of the server that lies elsewhere than it may."""

    code = "folder_outside"
    message = _(
        "The folder must lie below the inbox of the installation, in the folder named by the code of the place; "
        "write its path from the inbox, for example SZ/crm."
    )


class SecretMissing(InvalidInput):
    """SFTP needs a server, a user, a password or key meant for them, and the key by which the server is known."""

    code = "secret_missing"
    message = _(
        "SFTP needs server, user, password or private key, and the public key of the server. "
        "For another server or user, enter the password or key again."
    )
