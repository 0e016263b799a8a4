"""Run as `python -m benchmarks.build CUSTOMERS EVENTS` by the owner: fill the database if it is empty."""

import sys

import django


def main(customers: int, events: int) -> int:
    django.setup()
    from benchmarks.dataset import build, size_built  # noqa: PLC0415  (models need Django started)

    built = size_built()
    if built is None:
        build(customers, events)
    elif built != (customers, events):
        sys.stderr.write(
            f"The database holds {built[0]:,} customers and {built[1]:,} events. "
            "Name another with --database, or give --rebuild.\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
