"""The supervisor, with real processes."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hearth.ops.postgres import EmbeddedServer
from hearth.ops.supervisor import Command, Patience, Supervisor
from tests.ops.conftest import PROJECT, ends_soon

pytestmark = pytest.mark.slow
HASTY = Patience(
    tick=0.02, steady=5, crashes=3, first_delay=0.02, longest_delay=0.05, grace=2, server_check=0.1
)
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); time.sleep(60)"
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("processes", os.getpid(), child.pid)
time.sleep(60)
"""
SUPERVISE = """
import sys
from hearth.ops.supervisor import Command, Patience, Supervisor
patience = Patience(tick=0.02, grace=0.5)
sys.exit(Supervisor([Command("web", [sys.executable, "-c", sys.argv[1]])], patience=patience).run())
"""


def python(name: str, script: str, **environment: str) -> Command:
    return Command(name, [sys.executable, "-c", script], environment)


def supervise_in_other_process(script: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SUPERVISE, script]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def processes_named_by(supervisor: subprocess.Popen[str]) -> list[int]:
    assert supervisor.stdout is not None
    return [int(word) for word in supervisor.stdout.readline().split("processes")[1].split()]


def test_repeated_crashes_end_everything_with_a_message(tmp_path: Path) -> None:
    output = io.StringIO()
    steady = python(
        "web",
        f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)",
    )
    crashing = python("worker", "print('no luck'); raise SystemExit(3)")

    code = Supervisor([steady, crashing], output=output, patience=HASTY).run()

    lines = output.getvalue().splitlines()
    assert code == 1
    assert lines.count("worker | no luck") == 3
    assert lines[-1] == (
        "hearth | worker ended with code 3, 3 times in a row right after its start. "
        "Its last lines are above. Stopping everything."
    )
    assert ends_soon(int((tmp_path / "pid").read_text()))


def test_a_child_that_ends_with_code_0_is_restarted(tmp_path: Path) -> None:
    output = io.StringIO()
    script = f"""
import os, pathlib, signal, sys, time
mark = pathlib.Path({str(tmp_path / "mark")!r})
if not mark.exists():
    mark.touch()
    sys.exit(0)
os.kill({os.getpid()}, signal.SIGTERM)
time.sleep(60)
"""

    code = Supervisor([python("worker", script)], output=output, patience=HASTY).run()

    assert code == 0
    assert output.getvalue().splitlines() == [
        "hearth | worker ended with code 0; starting it again in 0.02 s",
        "hearth | stopping; press Ctrl-C again to stop at once",
    ]


def test_what_a_crashed_child_left_running_is_ended(tmp_path: Path) -> None:
    script = f"""
import pathlib, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
with open({str(tmp_path / "pids")!r}, "a") as file: print(child.pid, file=file)
sys.exit(1)
"""

    Supervisor([python("web", script)], output=io.StringIO(), patience=HASTY).run()

    left = [int(line) for line in (tmp_path / "pids").read_text().split()]
    assert len(left) == 3
    assert all(ends_soon(pid) for pid in left)


def test_a_missing_program_ends_everything_with_its_name() -> None:
    output = io.StringIO()

    code = Supervisor([Command("web", ["/no/such/program"])], output=output, patience=HASTY).run()

    assert code == 1
    assert "web cannot be started" in output.getvalue()
    assert "/no/such/program" in output.getvalue()


def test_child_gets_the_environment_of_its_command() -> None:
    output = io.StringIO()
    command = python("web", "import os; print(os.environ['SHADE'])", SHADE="青")

    Supervisor([command], output=output, patience=HASTY).run()

    assert "web    | 青" in output.getvalue()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signal_ends_children_and_grandchildren(ending: signal.Signals) -> None:
    with supervise_in_other_process(PARENT) as supervisor:
        processes = processes_named_by(supervisor)

        supervisor.send_signal(ending)
        code = supervisor.wait(timeout=10)

    assert code == 0
    assert [ends_soon(pid) for pid in processes] == [True, True]


def test_child_that_ignores_the_request_is_killed_after_the_grace() -> None:
    with supervise_in_other_process(STUBBORN) as supervisor:
        assert supervisor.stdout is not None
        supervisor.stdout.readline()
        begun = time.monotonic()

        supervisor.terminate()
        supervisor.wait(timeout=10)

    assert 0.4 < time.monotonic() - begun < 5


def test_children_end_when_the_supervisor_itself_is_killed() -> None:
    with supervise_in_other_process(PARENT) as supervisor:
        processes = processes_named_by(supervisor)

        supervisor.kill()

    assert [ends_soon(pid) for pid in processes] == [True, True]


def test_database_that_died_is_started_again(server_folder: Path) -> None:
    output = io.StringIO()
    with EmbeddedServer(server_folder, {"fsync": "off", "shared_buffers": "16MB"}) as server:
        postmaster = int((server.home.cluster / "postmaster.pid").read_text().splitlines()[0])
        script = f"""
import os, pathlib, signal, time
os.kill({postmaster}, signal.SIGKILL)
pid_file = pathlib.Path({str(server.home.cluster / "postmaster.pid")!r})
answering = lambda text: "ready" in text and not text.startswith("{postmaster}")
while not pid_file.exists() or not answering(pid_file.read_text()):
    time.sleep(0.02)
os.kill({os.getpid()}, signal.SIGTERM)
time.sleep(60)
"""

        code = Supervisor([python("web", script)], server=server, output=output, patience=HASTY).run()

        assert server.is_alive()
    assert code == 0
    assert "hearth | the database does not answer; starting it again\n" in output.getvalue()
