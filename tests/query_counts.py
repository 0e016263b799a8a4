"""Counting what a page asks of the database."""

from typing import Any

from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def tell_the_planner() -> None:
    """Let the planner look at every table: a list that it thinks short is counted, a long one is not."""
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in {"cases", "customers", "properties", "sales"}:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def count_queries(client: Client, address: str, **parameters: Any) -> int:
    """Open a page, warm, and return how many queries it made; the page must answer 200."""
    client.get(address, parameters)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, parameters)
    assert answer.status_code == 200
    return len(queries)
