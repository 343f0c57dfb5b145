"""`whyllm measure`: candidates head to head on the user's own prompts."""

from whyllm.cli.measure.command import command

__all__ = ["command"]
