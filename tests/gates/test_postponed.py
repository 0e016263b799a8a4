import os
import subprocess
import sys

from hearth.postponed import Postponed

HEAVY = ("duckdb", "ibis", "pyarrow", "scipy", "pandas")


def test_a_postponed_module_gives_what_the_module_has() -> None:
    numbers = Postponed("fractions")

    half = numbers.Fraction(1, 2)

    assert half * 2 == 1


def test_the_web_application_starts_without_the_libraries_of_the_analysis() -> None:
    program = (
        "import sys, hearth.config.wsgi; from django.urls import get_resolver; get_resolver().url_patterns; "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=dict(os.environ)
    )

    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
