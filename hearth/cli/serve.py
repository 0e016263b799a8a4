"""`hearth run`, `web`, `worker`, `webhooks` and `migrate`."""

import argparse
import os
import resource
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Thread
from typing import Any

from hearth.cli.database import CommandRefused, database, environment_of, ready
from hearth.config.environment import ROOT, folder, number
from hearth.lib.memory import limit_reserves
from hearth.ops.stack import run_stack
from hearth.ops.supervisor import Command

HOST, PORT = "127.0.0.1", 8000
START_SECONDS = 60
CONNECTIONS = "4096"
RESERVES = 2


def add_commands(commands: Any) -> None:
    run = commands.add_parser("run", help="start everything: database, migrations, web and worker")
    run.add_argument("--empty", action="store_true", help="do not load the demo at the first start")
    run.add_argument("--households", type=int, default=4_000, help="size of the demo (default %(default)s)")
    _add_address(run)
    run.set_defaults(run=run_all)
    web = commands.add_parser("web", help="serve the pages and the API")
    _add_address(web)
    web.set_defaults(run=run_web)
    worker = commands.add_parser("worker", help="work through the queued jobs")
    worker.add_argument("--until-empty", action="store_true", help="end when nothing is queued")
    worker.set_defaults(run=run_worker)
    webhooks = commands.add_parser("webhooks", help="send events to other systems")
    webhooks.add_argument("--until-empty", action="store_true", help="end when nothing is due")
    webhooks.set_defaults(run=run_webhooks)
    migrate = commands.add_parser("migrate", help="bring the database to this version and prepare it")
    migrate.set_defaults(run=run_migrate)


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=HOST, help="address to listen at (default %(default)s)")
    parser.add_argument(
        "--port", type=int, default=number("HEARTH_PORT", PORT), help="port (default %(default)s)"
    )
    parser.add_argument("--workers", type=int, default=number("HEARTH_WORKERS", 1), help="web processes")


def run_all(chosen: argparse.Namespace) -> int:
    """Start the installation and keep it running until Ctrl-C."""
    with database() as opened:
        owner = {**os.environ, **environment_of(opened, as_application=False)}
        application = environment_of(opened, as_application=True)
        _step(["migrate"], owner)
        if not chosen.empty:
            _step(["demo", "load", "--if-new", "--households", str(chosen.households)], owner)
        collect_static()
        own = [sys.executable, "-m", "hearth"]
        address = ["--host", chosen.host, "--port", str(chosen.port), "--workers", str(chosen.workers)]
        Thread(target=_welcome, args=(chosen, owner), daemon=True).start()
        return run_stack(
            [
                Command("web", [*own, "web", *address], application),
                Command("worker", [*own, "worker"], application),
                Command("webhooks", [*own, "webhooks"], application),
            ],
            opened,
        )


def _step(command: list[str], environment: Mapping[str, str]) -> None:
    """Run one of our own commands to its end."""
    code = subprocess.run([sys.executable, "-m", "hearth", *command], env=environment, check=False).returncode
    if code:
        message = f"hearth {' '.join(command)} ended with code {code}; nothing was started."
        raise CommandRefused(message)


def _welcome(chosen: argparse.Namespace, environment: Mapping[str, str]) -> None:
    """Print the address and who can sign in once the pages answer; where nobody can, make the first account."""
    address = f"http://{chosen.host}:{chosen.port}/"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if _answers(f"{address}accounts/login/"):
            print(f"\nHearth: {address}\n", flush=True)  # noqa: T201
            for command in (["demo", "accounts"], ["first-account", "--if-new"]):
                subprocess.run([sys.executable, "-m", "hearth", *command], env=environment, check=False)
            return
        time.sleep(0.2)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310  (our own address)
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def collect_static() -> None:
    """Copy and name the static files by their content, when they changed since the last time."""
    var = folder("HEARTH_VAR", ROOT / "var")
    stamp = var / "static.stamp"
    newest = max(
        path.stat().st_mtime_ns for path in (ROOT / "hearth").glob("*/static/**/*") if path.is_file()
    )
    if stamp.exists() and stamp.read_text() == str(newest):
        return
    manage = [
        sys.executable,
        "-m",
        "hearth",
        "manage",
        "collectstatic",
        "--noinput",
        "--clear",
        "--verbosity=0",
    ]
    done = subprocess.run(manage, check=False, capture_output=True, text=True)
    if done.returncode:
        message = f"The static files could not be prepared:\n{done.stderr}"
        raise CommandRefused(message)
    stamp.write_text(str(newest))


def run_web(chosen: argparse.Namespace) -> int:
    """Serve with granian, as the application's role."""
    with ready(as_application=True):
        _check_application()
        collect_static()
        granian = [
            *[str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"],
            *["--host", chosen.host, "--port", str(chosen.port), "--workers", str(chosen.workers)],
            # Backpressure counts connections, and a browser keeps six open while its reader reads.
            *["--blocking-threads", "4", "--backlog", CONNECTIONS, "--backpressure", CONNECTIONS],
            *["--no-ws", "--no-log"],
            "hearth.config.wsgi:application",
        ]
        # One reserve for each thread would hold several times what the pages need.
        os.environ.setdefault("MALLOC_ARENA_MAX", str(RESERVES))
        # A page's queries are over before processes to help with them have begun, and other pages want the processors.
        os.environ.setdefault("HEARTH_QUERY_HELPERS", "0")
        _allow_connections()
        os.execv(granian[0], granian)  # noqa: S606


def _allow_connections() -> None:
    """Raise the number of files this process may hold open as far as the system lets it: each connection is one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def run_worker(chosen: argparse.Namespace) -> int:
    """Work through the queue, as the application's role."""
    # Arrow's own allocator keeps what it had; the C library's gives it back between heavy jobs.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    limit_reserves(RESERVES)
    with ready(as_application=True):
        from django.core.management import call_command  # noqa: PLC0415  (needs Django started)

        _check_application()
        options = {"wait": False} if chosen.until_empty else {}
        call_command(
            "procrastinate",
            "worker",
            "--no-listen-notify",
            "--fetch-job-polling-interval=1",
            "--concurrency=2",
            **options,
        )
    return 0


def run_webhooks(chosen: argparse.Namespace) -> int:
    """Send events to other systems until a signal comes, as the application's role."""
    with ready(as_application=True):
        from django.utils import timezone  # noqa: PLC0415  (needs Django started)

        from hearth.core.attribution import this_process_acts  # noqa: PLC0415
        from hearth.webhooks.runner import Runner  # noqa: PLC0415

        _check_application()
        this_process_acts("webhooks")
        runner, stop = Runner(timezone.now), Event()
        if chosen.until_empty:
            runner.run_until_empty()
            return 0
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_received: stop.set())
        runner.run(stop)
    return 0


def _check_application() -> None:
    """Refuse to serve with a login that could bypass the rules, without the keys, or on another schema."""
    from django.conf import settings  # noqa: PLC0415

    from hearth.core.crypto import KeyRingMissing, key_ring  # noqa: PLC0415
    from hearth.core.installation import UnsafeRole, refuse_unsafe_role  # noqa: PLC0415
    from hearth.core.upgrade import SchemaNewer, SchemaOlder, refuse_other_schema  # noqa: PLC0415

    try:
        refuse_other_schema()
        refuse_unsafe_role(may_share_login=settings.ONE_LOGIN)
        key_ring()
    except SchemaNewer as error:
        raise CommandRefused(newer_schema(error)) from error
    except SchemaOlder as error:
        message = f"The database waits for {error} steps of this version. Run hearth migrate."
        raise CommandRefused(message) from error
    except UnsafeRole as error:
        message = (
            f"The role {error} may bypass the database's rules. Serve with a login that owns nothing: name it by "
            "DATABASE_APP_URL. Where there can be but one, HEARTH_ONE_LOGIN=1 lets the owner's take on hearth_app."
        )
        raise CommandRefused(message) from error
    except KeyRingMissing as error:
        message = (
            f"The keys of this installation are missing at {error}. Run hearth migrate, or put them back."
        )
        raise CommandRefused(message) from error


def newer_schema(error: Exception) -> str:
    """Say what to do where the database is ahead of the code."""
    return (
        f"The database was brought to a newer version of Hearth, which added {error}. Nothing was changed. "
        "Start that version, or restore a backup made by this one."
    )


def run_migrate(_chosen: argparse.Namespace) -> int:
    """Migrate and prepare, as the owner, telling each step."""
    with ready():
        from django.utils import timezone  # noqa: PLC0415

        from hearth.core.crypto import KeyRingMissing  # noqa: PLC0415
        from hearth.core.upgrade import SchemaNewer, upgrade_database  # noqa: PLC0415

        try:
            upgrade_database(timezone.now(), say=lambda line: print(line, flush=True))  # noqa: T201
        except SchemaNewer as error:
            raise CommandRefused(newer_schema(error)) from error
        except KeyRingMissing as error:
            message = f"Sealed data exist but their keys are missing at {error}. Put the key file back."
            raise CommandRefused(message) from error
    return 0
