"""A real IMAP server for as long as a test lasts, without rights beyond those of whoever runs it."""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "geheim"
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
"""


@dataclass
class Dovecot:
    """The server: its ports, its certificate, and a way to put mails into a folder."""

    port: int
    tls_port: int
    certificate: Path

    def deliver(
        self, *mails: bytes, user: str = "service", folder: str = "INBOX", at: datetime | None = None
    ) -> None:
        came = imaplib.Time2Internaldate(at or time.time())
        with self.open(user) as imap:
            for mail in mails:
                imap.append(folder, "", came, mail)

    def seen(self, user: str = "service") -> list[int]:
        """Return the numbers of the mails that are marked as read."""
        with self.open(user) as imap:
            imap.select("INBOX", readonly=True)
            return [int(uid) for uid in imap.uid("SEARCH", "SEEN")[1][0].split()]

    def renumber(self, user: str = "service") -> None:
        """Have the server forget the numbers of the folder, as a move to another server does."""
        with self.open(user) as imap:
            imap.create("Aside")
            imap.select("INBOX")
            imap.uid("COPY", "1:*", "Aside")
            imap.select("Aside")
            imap.delete("INBOX")

    @contextmanager
    def open(self, user: str = "service") -> Iterator[imaplib.IMAP4]:
        imap = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        imap.login(user, PASSWORD)
        try:
            yield imap
        finally:
            imap.logout()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _certify(folder: Path) -> None:
    """Write a certificate for this machine, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    )


@contextmanager
def run_dovecot() -> Iterator[Dovecot]:
    """Run the server; skips the test where Debian's package `dovecot-imapd` is not installed."""
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/sbin")
    if program is None:
        pytest.skip("dovecot is not installed (Debian: dovecot-imapd)")
    # Its sockets have paths of a hundred characters at most, and root may not be the owner of mails.
    folder = Path(tempfile.mkdtemp(prefix="dc"))
    owner = pwd.getpwnam("mail") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    port, tls_port = _free_port(), _free_port()
    _certify(folder)
    for name in ("run", "state", "home"):
        (folder / name).mkdir()
    for path in (folder, *folder.iterdir()):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    config = folder / "dovecot.conf"
    config.write_text(
        CONFIG.format(
            folder=folder,
            user=owner.pw_name,
            group=_group_of(owner.pw_gid),
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            port=port,
            tls_port=tls_port,
            password=PASSWORD,
        )
    )
    server = subprocess.Popen([program, "-F", "-c", str(config)], stderr=subprocess.PIPE)
    try:
        _await(port, server, folder)
        yield Dovecot(port, tls_port, folder / "cert.pem")
    finally:
        server.terminate()
        server.communicate(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _group_of(gid: int) -> str:

    return grp.getgrgid(gid).gr_name


def _await(port: int, server: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _attempt in range(200):
        if server.poll() is not None:
            break
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as conversation:
            if conversation.recv(4) == b"* OK":
                return
        time.sleep(0.05)
    log = folder / "log"
    raise RuntimeError(log.read_text() if log.exists() else "dovecot did not start")
