"""`python -m collector.lab --control FILE`: the simulated district, in a network namespace made for it."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from collector.lab.district import district
from collector.lab.lab import Lab
from collector.lab.routes import NoNetwork


def main() -> int:
    """Run the simulation until SIGTERM or SIGINT; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m collector.lab", description=__doc__)
    parser.add_argument("--control", type=Path, required=True, help="socket file for faults / tệp socket nhận lệnh")
    arguments = parser.parse_args()
    try:
        asyncio.run(_run(arguments.control))
    except (NoNetwork, OSError) as error:
        print(f"lab: {error}", file=sys.stderr)  # noqa: T201 - its log is its standard error
        return 1
    return 0


async def _run(control: Path) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await Lab(district()).run(control, stop)


if __name__ == "__main__":
    sys.exit(main())
