"""Keys at a pseudo-terminal that are pressed until they are heard."""

from __future__ import annotations

from collections.abc import Callable

import pexpect

TRIES = 10
SECONDS = 6


def pressed(child: pexpect.spawn, press: Callable[[], object], heard: str) -> None:
    """Press a key until what it brings about is shown.

    A key that arrives while a line editor sets the terminal up can be lost, as a person's can.
    """
    for _ in range(TRIES):
        press()
        if child.expect([heard, pexpect.TIMEOUT], timeout=SECONDS) == 0:
            return
    raise AssertionError(f"{heard!r} was never shown, but {child.before!r}")
