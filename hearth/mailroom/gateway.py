"""Fetching mail over IMAP: one folder, by the numbers that the server gave its mails.

Nothing here changes the database, and nothing is called within a transaction. Servers of the larger Chinese providers
want to be told who asks before they open a folder.
"""

import base64
import imaplib
import re
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from hearth.lib.mail import MOST_BYTES
from hearth.lib.outside_addresses import AddressRefused, Network, judge

TIMEOUT_SECONDS = 20.0
MOST_HEAD_BYTES = 64 * 1024
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"UID (\d+)")
_NOT_ASCII = re.compile(r"[^\x20-\x7e]+")
imaplib.Commands.setdefault("ID", ("NONAUTH", "AUTH", "SELECTED"))


class MailboxFailed(Exception):
    """The mailbox cannot be fetched from; `code` is one of `Failure`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Account:
    """Where a mailbox is and how it is opened; `inside` are the private networks that may be asked."""

    host: str
    port: int
    security: str
    user_name: str
    password: str
    folder: str
    inside: Sequence[Network]


@dataclass(frozen=True)
class Fetched:
    """A mail as the server gave it; of one that is too large, the head alone."""

    uid: int
    raw: bytes
    size: int
    received_at: datetime | None
    is_whole: bool


class _Judged(imaplib.IMAP4):
    """A conversation with the address that was judged, under the name that was asked for."""

    def __init__(self, account: Account, address: str) -> None:
        self._address = address
        super().__init__(account.host, account.port, timeout=TIMEOUT_SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return socket.create_connection((self._address, self.port), timeout)


class _JudgedTls(_Judged):
    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = super()._create_socket(timeout)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


class Inbox:
    """One conversation with a server, from its greeting to its farewell."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._imap: imaplib.IMAP4 | None = None
        self.uid_validity = 0

    def __enter__(self) -> Self:
        try:
            self._open()
        except MailboxFailed:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def uids_after(self, uid: int, *, since: datetime) -> list[int]:
        """Return the numbers of the mails that came after one, and on the day before `since` or later, rising.

        Servers compare days, each by a clock of its own.
        """
        day = imaplib.Time2Internaldate(since.astimezone(UTC) - timedelta(days=1))[1:12]
        answer = self._ask("SEARCH", f"UID {uid + 1}:*", f"SINCE {day}")
        found = {int(number) for line in answer if isinstance(line, bytes) for number in line.split()}
        # The server names its last mail where none is later.
        return sorted(number for number in found if number > uid)

    def fetch(self, uid: int) -> Fetched | None:
        """Return one mail, unread as it was; None where it is gone meanwhile."""
        answer = self._ask("FETCH", str(uid), "(RFC822.SIZE INTERNALDATE)")
        line = next((each for each in answer if isinstance(each, bytes) and _names(each, uid)), b"")
        found = _SIZE.search(line)
        if found is None:
            return None
        size = int(found.group(1))
        is_whole = size <= MOST_BYTES
        part = "(BODY.PEEK[])" if is_whole else f"(BODY.PEEK[HEADER]<0.{MOST_HEAD_BYTES}>)"
        raw = next((each[1] for each in self._ask("FETCH", str(uid), part) if isinstance(each, tuple)), None)
        return None if raw is None else Fetched(uid, raw, size, _instant(line), is_whole)

    def flag(self, uids: Sequence[int]) -> None:
        """Mark mails as read on the server."""
        if uids:
            self._ask("STORE", ",".join(map(str, uids)), "+FLAGS.SILENT", r"(\Seen)")

    def _open(self) -> None:
        account = self._account
        try:
            address, is_inside = judge(account.host, account.port, inside=account.inside)
        except AddressRefused as error:
            raise MailboxFailed(error.code) from error
        if account.security == "plain" and not is_inside:
            raise MailboxFailed("not_encrypted")
        self._imap = self._greet(address)
        self._log_in(self._imap)
        self._select(self._imap)

    def _greet(self, address: str) -> imaplib.IMAP4:
        account = self._account
        try:
            if account.security == "tls":
                return _JudgedTls(account, address)
            imap = _Judged(account, address)
            self._imap = imap
            if account.security == "starttls":
                imap.starttls(ssl.create_default_context())
        except ssl.SSLCertVerificationError as error:
            raise MailboxFailed("certificate") from error
        except (imaplib.IMAP4.error, ssl.SSLError) as error:
            raise MailboxFailed("no_imap") from error
        except OSError as error:
            raise MailboxFailed("unreachable") from error
        return imap

    def _log_in(self, imap: imaplib.IMAP4) -> None:
        try:
            imap.login(self._account.user_name, self._account.password)
            if "ID" in imap.capabilities:
                imap._simple_command("ID", '("name" "Hearth" "vendor" "Hearth")')
        except (imaplib.IMAP4.abort, OSError) as error:
            raise MailboxFailed("broken") from error
        except (imaplib.IMAP4.error, UnicodeError) as error:
            raise MailboxFailed("login") from error

    def _select(self, imap: imaplib.IMAP4) -> None:
        name = folder_on_the_wire(self._account.folder).replace("\\", "\\\\").replace('"', '\\"')
        try:
            state, _answer = imap.select(f'"{name}"')
            validity = imap.response("UIDVALIDITY")[1]
        except (imaplib.IMAP4.abort, OSError) as error:
            raise MailboxFailed("broken") from error
        except (imaplib.IMAP4.error, UnicodeError) as error:
            raise MailboxFailed("folder") from error
        if state != "OK" or not validity or validity[0] is None:
            raise MailboxFailed("folder")
        self.uid_validity = int(validity[0])

    def _ask(self, command: str, *words: str) -> list[bytes | tuple[bytes, bytes] | None]:
        if self._imap is None:
            raise MailboxFailed("broken")
        try:
            state, answer = self._imap.uid(command, *words)
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise MailboxFailed("broken") from error
        if state != "OK":
            raise MailboxFailed("broken")
        return list(answer)

    def _leave(self) -> None:
        if self._imap is not None:
            try:
                self._imap.logout()
            except (imaplib.IMAP4.error, OSError):
                with suppress(OSError):
                    self._imap.shutdown()
            self._imap = None


def folder_on_the_wire(name: str) -> str:
    """Return the name of a folder as servers write it: in the UTF-7 of RFC 3501, section 5.1.3.

    A name in ASCII alone is taken to be written so.
    """
    if name.isascii():
        return name
    return _NOT_ASCII.sub(_shifted, name.replace("&", "&-"))


def _shifted(found: re.Match[str]) -> str:
    packed = base64.b64encode(found.group().encode("utf-16-be"), altchars=b"+,")
    return f"&{packed.decode().rstrip('=')}-"


def _names(line: bytes, uid: int) -> bool:
    found = _UID.search(line)
    return found is not None and int(found.group(1)) == uid


def _instant(line: bytes) -> datetime | None:
    found = imaplib.Internaldate2tuple(line)
    return datetime(*found[:6]).astimezone(UTC) if found else None
