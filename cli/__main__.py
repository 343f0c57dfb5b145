"""Runs the command as `python -m whyllm.cli`."""

from whyllm.cli.program import main

main()
