# domain data
"""A large installation, built once: customers, homes, contracts, contacts, cases and events of five years.

Everything that is encrypted or cut into words goes through Hearth's own code; the rows go in by COPY. The events
are made by the server itself: 10,000,000 of them are only there to be in the way.
"""

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.bare_tables import bare
from benchmarks.places import Home, Say, copy_records, copy_rows, make_homes, make_organisation
from hearth.core.crypto import blind_index, last_four_index, seal
from hearth.core.fields import tokens_literal
from hearth.core.partitions import ensure_months
from hearth.families.services.completeness import weigh_portion
from hearth.lib.chinese import name_tokens, text_tokens
from hearth.lib.identifiers import uuid7
from hearth.lib.pinyin import pinyin_key
from hearth.privacy.models import Purpose

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建华国梅红玉志海燕雪婷欣怡子涵浩宇轩梓博雨佳嘉俊思晨"
TOPICS = ("渗漏", "空鼓", "延期交付", "物业服务", "噪音", "电梯", "车位", "门窗")
NAMES = 40_000
YEARS = 5
TABLES = (
    "customers_customer",
    "customers_customerplace",
    "customers_contactpoint",
    "customers_unitrole",
    "customers_customerprofile",
    "properties_unit",
    "sales_contract",
    "channels_interaction",
    "cases_case",
    "privacy_consent",
    "core_eventrecord",
)


@dataclass(frozen=True)
class Person:
    """What later steps need of a customer."""

    id: UUID
    place: int


def size_built() -> tuple[int, int] | None:
    """Return how many customers and events the database was filled with."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS benchmark_size (customers bigint, events bigint)")
        cursor.execute("SELECT customers, events FROM benchmark_size")
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def build(customers: int, events: int) -> None:
    """Fill an empty, migrated database."""
    begun = time.monotonic()

    def say(text: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - begun:6.1f} s] {text}\n")

    fill(customers, events, say)
    with connection.cursor() as cursor:
        say("indexes")
        cursor.execute("VACUUM ANALYZE")
        _completeness(say)
        cursor.execute("VACUUM ANALYZE customers_customercompleteness")
        cursor.execute("INSERT INTO benchmark_size VALUES (%s, %s)", [customers, events])
    say("built")


@transaction.atomic
def fill(customers: int, events: int, say: Say) -> None:
    """Write all rows, or none."""
    chance, now = random.Random(42), timezone.now()
    with bare(TABLES):
        places = make_organisation()
        homes = make_homes(customers, places, now, say)
        people = _customers(customers, places, chance, now, say)
        _contact_points(people, chance, now, say)
        _contracts(people, homes, chance, now, say)
        _contacts_and_cases(people, chance, now, say)
        _consents(people, now, say)
        _profiles(now, say)
        _events(events, say)


def _customers(count: int, places: list[int], chance: random.Random, now: datetime, say: Say) -> list[Person]:
    """Customers with names of a skewed distribution, known at one place, some at two."""
    names = [
        chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))
        for _ in range(NAMES)
    ]
    words = [(name, tokens_literal(name_tokens(name)), pinyin_key(name)[:200]) for name in names]
    people = [Person(uuid7(), chance.choice(places)) for _ in range(count)]
    # Of ten customers the first two live together.
    households = [uuid7() for _ in range(0, count, 10)]
    copy_records("customers_household", "name", ((key, "") for key in households), now)

    def rows() -> Iterator[tuple[Any, ...]]:
        for number, person in enumerate(people):
            name, tokens, pinyin = words[int(chance.random() ** 2 * NAMES)]
            changed = now - timedelta(seconds=chance.randrange(YEARS * 365 * 86_400))
            key = f"B{number}"
            yield (
                person.id,
                changed,
                changed,
                False,
                "person",
                name,
                pinyin,
                tokens,
                "",
                "",
                "",
                "walk_in",
                "",
                key,
                "",
                changed,
                households[number // 10] if number % 10 < 2 else None,
            )

    copy_rows(
        "customers_customer",
        "id, created_at, updated_at, is_sample, kind, name, pinyin, name_tokens, sex, identity_sealed, occupation, "
        "source, household_role, external_key, note, last_contact_at, household_id",
        rows(),
    )
    copy_rows(
        "customers_customerplace",
        "customer_id, org_unit_id",
        (
            (person.id, place)
            for person in people
            for place in {person.place, *_second(person, places, chance)}
        ),
    )
    say(f"{count:,} customers")
    return people


def _second(person: Person, places: list[int], chance: random.Random) -> list[int]:
    """One in ten is known in a second city."""
    return [chance.choice(places)] if chance.random() < 0.1 else []


def phone_of(number: int) -> str:
    """The phone of the customer with this place in the data set."""
    return f"+86138{number:08}"


def _contact_points(people: list[Person], chance: random.Random, now: datetime, say: Say) -> None:
    column = "customers_contactpoint.value_sealed"

    def rows() -> Iterator[tuple[Any, ...]]:
        for number, person in enumerate(people):
            phone, key = phone_of(number), uuid7()
            sealed = seal(phone, column=column, row_id=key)
            last_four = last_four_index("phone", phone)
            yield (
                key,
                person.id,
                "phone",
                sealed,
                blind_index("phone", phone),
                last_four,
                "",
                True,
                True,
            )
            if number % 2 == 0:
                email, key = f"b{number}@example.com", uuid7()
                sealed = seal(email, column=column, row_id=key)
                yield (
                    key,
                    person.id,
                    "email",
                    sealed,
                    blind_index("email", email),
                    None,
                    "",
                    True,
                    True,
                )

    copy_records(
        "customers_contactpoint",
        "customer_id, kind, value_sealed, value_index, last_four_index, label, is_primary, is_valid",
        rows(),
        now,
    )
    say("phones and e-mails")


def _day(chance: random.Random, now: datetime) -> datetime:
    return now - timedelta(seconds=chance.randrange(YEARS * 365 * 86_400))


def _contracts(
    people: list[Person], homes: list[Home], chance: random.Random, now: datetime, say: Say
) -> None:
    """One contract for each home, as far as there are customers; the buyers' roles."""
    pairs = list(zip(homes, chance.sample(people, min(len(homes), len(people))), strict=False))
    signed = [_day(chance, now).date() for _ in pairs]
    copy_records(
        "sales_contract",
        "org_unit_id, number, customer_id, unit_id, state, signed_date, total_amount",
        (
            (
                uuid7(),
                home.place,
                f"HT{number}",
                person.id,
                home.id,
                "signed",
                day,
                1_000_000 + number,
            )
            for number, ((home, person), day) in enumerate(zip(pairs, signed, strict=True))
        ),
        now,
    )
    copy_records(
        "customers_unitrole",
        "customer_id, unit_id, role, valid_from",
        (
            (uuid7(), person.id, home.id, "owner", day)
            for (home, person), day in zip(pairs, signed, strict=True)
        ),
        now,
    )
    say(f"{len(pairs):,} contracts")


def _contacts_and_cases(people: list[Person], chance: random.Random, now: datetime, say: Say) -> None:
    """Two contacts for each customer and a case for one in twenty."""
    channels = ("phone", "visit", "wechat")
    copy_records(
        "channels_interaction",
        "org_unit_id, customer_id, channel, direction, summary, body, occurred_at, external_key",
        (
            (
                uuid7(),
                person.place,
                person.id,
                channel,
                "inbound",
                "来访",
                "",
                _day(chance, now),
                "",
            )
            for person in people
            for channel in chance.choices(channels, k=2)
        ),
        now,
    )
    tokens = {topic: tokens_literal(text_tokens(f"家里{topic}，请尽快处理")) for topic in TOPICS}

    def cases() -> Iterator[tuple[Any, ...]]:
        for person in people[::20]:
            topic, opened = chance.choice(TOPICS), _day(chance, now)
            answered = min(opened + timedelta(hours=chance.expovariate(1 / 30)), now)
            kind = chance.choice(("complaint", "repair"))
            row = (
                uuid7(),
                person.place,
                person.id,
                kind,
                "ordinary",
                "answered",
                "phone",
                topic,
            )
            yield *row, f"家里{topic}", "请尽快处理", "已处理", "", "", opened, answered, tokens[topic]

    copy_records(
        "cases_case",
        "org_unit_id, customer_id, kind, grade, state, channel, topic, title, "
        "body, reply, external_key, group_level, opened_at, answered_at, text_tokens",
        cases(),
        now,
    )
    say("contacts and cases")


def _consents(people: list[Person], now: datetime, say: Say) -> None:
    """Three of four agreed to marketing by e-mail."""
    purpose = Purpose.objects.get(code="marketing").pk
    copy_records(
        "privacy_consent",
        "customer_id, purpose_id, channel, decision, decided_at, how, text_version",
        (
            (uuid7(), person.id, purpose, "email", "given", now, "form", 1)
            for number, person in enumerate(people)
            if number % 4
        ),
        now,
    )
    say("consents")


def _profiles(now: datetime, say: Say) -> None:
    """Stage and tier of each customer, drawn by the server."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO customers_customerprofile (customer_id, scored_at, recency_days, frequency, monetary_amount,
                contacts, open_complaints, homes, owner_stage, value_tier, portfolio_action, explanation)
            SELECT id, %s, (random() * 900)::int, (random() * 3)::int, (random() * 3000000)::int, '{}', 0, 0,
                (ARRAY['prospect', 'prospect', 'pre_owner', 'settling_in_owner', 'stable_owner'])[
                    1 + floor(random() * 5)::int],
                (ARRAY['top', 'large', 'medium', 'small', 'inactive', 'prospect', 'suspect'])[
                    1 + floor(random() * 7)::int], 'maintain', '{}'
            FROM customers_customer
            """,
            [now],
        )
    say("profiles")


def _completeness(say: Say) -> None:
    """Measure every record, as the job does when weights have changed."""
    waiting = [""]
    while waiting:
        weigh_portion("", after=waiting.pop(), go_on=waiting.append)
    say("completeness")


def _events(count: int, say: Say) -> None:
    """Events of random customers, a month at a time, written by the server itself."""
    now = timezone.now()
    months = sorted(
        {(now - timedelta(days=30 * back)).astimezone(UTC).replace(day=1) for back in range(YEARS * 12)}
    )
    ensure_months(months)
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE TEMP TABLE numbered AS
            SELECT row_number() OVER (ORDER BY c.id) AS n, c.id, p.org_unit_id
            FROM customers_customer c
            JOIN LATERAL (SELECT org_unit_id FROM customers_customerplace WHERE customer_id = c.id LIMIT 1) p ON true
        """)
        cursor.execute("CREATE UNIQUE INDEX ON numbered (n)")
        cursor.execute("ANALYZE numbered")
        cursor.execute("SELECT max(n) FROM numbered")
        people = cursor.fetchone()[0]
        for number, month in enumerate(months):
            cursor.execute(
                """
                INSERT INTO core_eventrecord (id, type, occurred_at, recorded_at, org_unit_id, customer_id, actor_kind,
                    channel, payload, is_sample)
                SELECT gen_random_uuid(), (ARRAY['channels.interaction_recorded', 'sales.payment_received',
                        'cases.opened', 'campaigns.member_addressed'])[1 + i %% 4],
                    instant, instant, c.org_unit_id, c.id, 'system',
                    (ARRAY['phone', 'visit', 'wechat', ''])[1 + i %% 4], '{}', false
                FROM (SELECT i, %s::timestamptz + random() * interval '27 days' AS instant,
                        1 + floor(random() * %s)::bigint AS n FROM generate_series(1, %s) AS i) e
                JOIN numbered c ON c.n = e.n
                """,
                [month, people, count // len(months)],
            )
            if number % 12 == 11:
                say(f"events up to {month:%Y-%m}")
