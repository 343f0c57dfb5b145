"""The stage of the licence rules, apart from them so that each file of rules can add to it."""

from __future__ import annotations

from whyllm.engine.rulebook import Stage

stage = Stage("licence", "LIC", "Do its licences permit the stated use?")
