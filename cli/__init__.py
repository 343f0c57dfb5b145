"""How people ask: the `whyllm` command. One module a command, imported when it is called."""

from whyllm.cli.program import main

__all__ = ["main"]
