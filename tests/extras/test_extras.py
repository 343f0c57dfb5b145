"""With the core alone, and with each extra alone: what is there works, what is not is named."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from pathlib import Path

import httpx
import pytest
from whyllm.cli.program import _COMMANDS
from whyllm.kb.extras import MissingLibraryError

from tests.cli.runner import Command
from tests.extras.commands import CORE_COMMANDS, MORE_OF_THE_CORE, NEEDING, Needing
from tests.extras.environments import CORE, Environment, carries, extras
from tests.extras.imports import modules

IMPORTED = """
import importlib, json, sys
from whyllm.kb.extras import MissingLibraryError, from_extra
names, blocks = json.load(sys.stdin)
failed, told = {}, []
for name in names:
    try:
        importlib.import_module(name)
    except ImportError as error:
        failed[name] = str(error)
for extra, program in blocks:
    try:
        with from_extra(extra):
            exec(program)
        told.append(None)
    except MissingLibraryError as error:
        told.append([str(error), error.library])
print(json.dumps([failed, told]))
"""

HELP = """
import sys
from whyllm.cli.program import main
for name in sys.argv[1:]:
    try:
        main([name, "--help"])
    except SystemExit as end:
        assert not end.code, name
"""


def test_what_it_carries_is_imported_and_what_it_lacks_is_named(environment: Environment) -> None:
    """Every module, and then what every `with from_extra(…)` asks for."""
    blocks = [block for module in modules().values() for block in module.blocks]
    asked = (sorted(modules()), [(block.extra, block.program) for block in blocks])
    shown = environment.run("-c", IMPORTED, stdin=json.dumps(asked))
    assert (shown.err, shown.code) == ("", 0)
    failed, told = json.loads(shown.out)
    assert failed.keys() == {name for name in modules() if not carries(environment.name, name)}
    for block, fault in zip(blocks, told, strict=True):
        if block.extra == environment.name:
            assert fault is None, block.where
        elif fault is not None:
            sentence, library = fault
            assert sentence == str(MissingLibraryError(library, block.extra)), block.where


def test_every_command_says_how_it_is_used(barest: Environment) -> None:
    """Those too that cannot do their work there: help is read before anything is installed."""
    shown = barest.run("-c", HELP, *_COMMANDS)
    assert (shown.err, shown.code) == ("", 0)
    usages = [line.split() for line in shown.out.splitlines() if line.startswith("Usage: ")]
    assert [words[2] for words in usages] == [*_COMMANDS]


def test_the_core_answers_as_where_everything_is_installed(
    barest: Environment, here: Command, files: Path, pytestconfig: pytest.Config
) -> None:
    thorough = pytestconfig.option.fresh and barest.name == CORE
    for words in (*CORE_COMMANDS, *(MORE_OF_THE_CORE if thorough else ())):
        with_files = [word.format(files=files) for word in words]
        assert barest.whyllm(*with_files) == here(*with_files), words


def test_the_table_names_extras_that_there_are() -> None:
    assert {extra for needing in NEEDING for extra in needing.extras} <= set(extras())


def test_a_command_that_needs_an_extra(
    environment: Environment, here: Command, files: Path, needing: Needing
) -> None:
    words = [word.format(files=files) for word in needing.words]
    shown = environment.whyllm(*words)
    if environment.name in needing.extras:
        assert shown == here(*words)
    else:
        assert (shown.err, shown.code) == (needing.missing.format(files=files), 2)
        assert not shown.out or "No model was found.\nCould not be read (1):\n" in shown.out


def test_the_page_is_served_where_the_extra_is(barest: Environment) -> None:
    words = [*barest.python, "-m", "whyllm.cli", "serve", "--port", "0", "--workers", "1"]
    process = subprocess.Popen(
        words, stderr=subprocess.PIPE, text=True, cwd=barest.folder,
        env=dict(barest.variables),
    )  # fmt: skip
    try:
        assert process.stderr
        line = process.stderr.readline()
        if barest.name == "web":
            site = re.fullmatch(r"whyllm: (http://127\.0\.0\.1:\d+)/ \(Ctrl-C ends it\)\n", line)
            assert site, line
            assert httpx.get(f"{site[1]}/rules/LIC-020", timeout=300).status_code == 200
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=300) == 0
        else:
            fault = r"whyllm: serve: needs the library \w+: pip install 'whyllm\[web\]'\n"
            assert re.fullmatch(fault, line)
            assert (process.wait(timeout=300), process.stderr.read()) == (2, "")
    finally:
        process.kill()
        process.wait()
