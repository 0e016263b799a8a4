"""Posting: no redirect is followed, and no wait lasts for ever."""

import socket
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from threading import Thread

import pytest

from hearth.webhooks.gateway import LONGEST_RETRY_AFTER, Outcome, post
from tests.webhooks.receiver import Receiver

HERE = [ip_network("127.0.0.0/8")]


def send(url: str, *, timeout: float = 5) -> Outcome:
    return post(url, {"webhook-id": "1"}, b"{}", inside=HERE, timeout=timeout)


def test_a_redirect_is_a_failure_and_is_not_followed(receiver: Receiver) -> None:
    receiver.answer = lambda _number: (302, {"Location": "http://169.254.169.254/"})

    outcome = send(receiver.url)

    assert (outcome.status, outcome.error, outcome.is_success) == (302, "redirected", False)
    assert len(receiver.requests) == 1


def test_an_address_inside_is_refused_before_anything_is_sent(receiver: Receiver) -> None:
    outcome = post(receiver.url, {}, b"{}", inside=[])

    assert (outcome.status, outcome.error) == (None, "address_not_allowed")
    assert receiver.requests == []


def test_nobody_listening_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    outcome = send(f"http://127.0.0.1:{port}/")

    assert (outcome.status, outcome.error) == (None, "connection_failed")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n", (200, "")),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", (200, "")),
        (b"", (None, "timed_out")),
    ],
)
def test_an_answer_that_never_ends_is_cut_off(beginning: bytes, expected: tuple[int | None, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def dribble() -> None:
            connection, _address = server.accept()
            with connection, suppress(OSError):
                connection.sendall(beginning)
                for _ in range(150):
                    connection.sendall(b"H")
                    time.sleep(0.1)

        thread = Thread(target=dribble, daemon=True)
        thread.start()
        started = time.monotonic()
        outcome = send(f"http://127.0.0.1:{server.getsockname()[1]}/", timeout=4)
        waited = time.monotonic() - started
        thread.join()

    assert (outcome.status, outcome.error) == expected
    assert waited < 12


def test_a_certificate_that_nobody_vouches_for_is_refused(receiver: Receiver) -> None:
    outcome = send(receiver.url.replace("http:", "https:"))

    assert (outcome.status, outcome.error) == (None, "tls_failed")


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("120", 120, 120),
        ("999999999", LONGEST_RETRY_AFTER, LONGEST_RETRY_AFTER),
        (format_datetime(datetime.now(UTC) + timedelta(hours=10), usegmt=True), 9 * 3600, 10 * 3600),
        (format_datetime(datetime.now(UTC) - timedelta(minutes=10), usegmt=True), 0, 0),
    ],
    ids=["seconds", "more than a day", "a moment ahead", "a moment past"],
)
def test_the_wait_that_is_asked_for_is_read(receiver: Receiver, value: str, low: int, high: int) -> None:
    receiver.answer = lambda _number: (503, {"Retry-After": value})

    outcome = send(receiver.url)

    assert outcome.wants_pause
    assert outcome.retry_after is not None
    assert low <= outcome.retry_after <= high


@pytest.mark.parametrize("value", ["soon", "-5", "1.5", "", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"])
def test_a_wait_that_makes_no_sense_is_none(receiver: Receiver, value: str) -> None:
    receiver.answer = lambda _number: (429, {"Retry-After": value})

    outcome = send(receiver.url)

    assert outcome.retry_after is None
