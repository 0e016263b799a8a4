"""What the tests of webhooks share."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from django.conf import LazySettings

from tests.webhooks.receiver import Receiver, open_receiver


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    """Another system on this machine, which webhooks may reach."""
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]
    with open_receiver() as opened:
        yield opened
