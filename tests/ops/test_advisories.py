"""A locked package with a known weakness fails the checks, whether the database of advisories is reached or not."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tools.advisories import ROOT, find_weaknesses, main, read_pins

TODAY = date(2026, 11, 27)
NOWHERE = "http://127.0.0.1:9/v1/querybatch"
KNOWN = '[[known]]\nid = "X-1"\npackage = "leftpad"\nbefore = "2.0"\nwhat = "pads too far"\n'


def write_locks(folder: Path, *, pin: str = "leftpad==1.9", listed: str = KNOWN) -> Path:
    (folder / "base.txt").write_text(
        f"{pin} \\\n    --hash=sha256:00\n    # via -r base.in\n", encoding="utf-8"
    )
    (folder / "advisories.toml").write_text(listed, encoding="utf-8")
    return folder


def accepted(until: str, because: str = "is never called") -> str:
    return f'{KNOWN}\n[[accepted]]\nid = "X-1"\nbecause = "{because}"\nuntil = {until}\n'


@contextmanager
def database(weak: dict[str, str]) -> Iterator[str]:
    """Serve OSV's answer to a batch: the names of weaknesses by package."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            names = [weak.get(query["package"]["name"]) for query in queries]
            text = json.dumps(
                {"results": [{"vulns": [{"id": name}]} if name else {} for name in names]}
            ).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_line: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/querybatch"
    finally:
        server.shutdown()
        server.server_close()


def names_in(folder: Path, service: str = NOWHERE) -> list[str]:
    return [weakness.name for weakness in find_weaknesses(folder, service=service, today=TODAY)[0]]


def test_a_planted_pin_is_found_without_a_network(tmp_path: Path) -> None:
    found, silence = find_weaknesses(write_locks(tmp_path), service=NOWHERE, today=TODAY)

    assert [str(weakness) for weakness in found] == ["leftpad 1.9: X-1 (pads too far; good from 2.0)"]
    assert silence


@pytest.mark.parametrize("version", ["2.0", "2.0.1", "10.0"])
def test_a_good_version_is_left_alone(tmp_path: Path, version: str) -> None:
    assert names_in(write_locks(tmp_path, pin=f"leftpad=={version}")) == []


def test_what_the_database_tells_is_found(tmp_path: Path) -> None:
    with database({"rightpad": "OSV-7"}) as service:
        found, silence = find_weaknesses(
            write_locks(tmp_path, pin="rightpad==1.0"), service=service, today=TODAY
        )

    assert ([weakness.name for weakness in found], silence) == (["OSV-7"], "")


@pytest.mark.parametrize(
    ("listed", "left"),
    [
        (accepted("2026-11-27"), []),
        (accepted("2026-11-26"), ["X-1"]),
        (accepted("2027-01-01", because=" "), ["X-1"]),
    ],
)
def test_it_is_accepted_with_a_reason_until_its_day(tmp_path: Path, listed: str, left: list[str]) -> None:
    assert names_in(write_locks(tmp_path, listed=listed)) == left


def test_the_command_fails_on_a_weakness(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEARTH_ADVISORIES", NOWHERE)
    monkeypatch.setattr("sys.argv", ["advisories", str(write_locks(tmp_path))])

    assert main() == 1
    assert "was not reached" in capsys.readouterr().out


def test_our_own_locks_are_read_whole() -> None:
    pins = {pin.package: pin for pin in read_pins(ROOT / "requirements")}

    assert {"django", "psycopg", "pytest"} <= pins.keys()
    assert any(pin.ecosystem == "npm" for pin in pins.values())
    assert len(pins) > 100
