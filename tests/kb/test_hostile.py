"""Hostile and broken knowledge: one line with file, line and reason, exit 2, and no harm done."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.runner import Command

EFFORT = 6
"""A refusal may cost so many times what reading the built-in knowledge costs."""

MEMORY = 2**29

SKETCH = """\
- id: sketch-1b
  name: Sketch 1B
  family: phi
  kind: llm
  weights: published
  params_b: 1.0
  architecture: dense
  modalities: [text]
  tuning: instruct
  tool_calling: unknown
  evidence: {default: {source: course, confidence: secondary}}
"""


def sketch(old: str, new: str) -> str:
    """The sketch of a model with one thing changed."""
    assert old in SKETCH
    return SKETCH.replace(old, new)


def size(text: str) -> str:
    return sketch("params_b: 1.0", f"params_b: {text}")


def laughs() -> str:
    lines = ["a0: &a0 [ha, ha]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    return "\n".join(lines)


CONTENT: dict[str, tuple[str | bytes, str]] = {
    # what is not text, or not one plain document
    "empty": ("", "x.yaml:1: the file is empty"),
    "comments only": ("# nothing\n" * 9, "x.yaml:1: the file is empty"),
    "null": ("~\n", "x.yaml:1: expected a list of entries"),
    "a scalar": ("hello\n", "x.yaml:1: expected a list of entries"),
    "a mapping": ("id: sketch\n", "x.yaml:1: expected a list of entries"),
    "a list of nothing": ("- \n", "x.yaml:1: expected a mapping of keys to values"),
    "Latin-1": (sketch("Sketch 1B", "Dessin rêvé").encode("latin-1"), "x.yaml:2: not UTF-8 text"),
    "UTF-16": (SKETCH.encode("utf-16"), "x.yaml:1: not UTF-8 text"),
    "an overlong NUL": (SKETCH.encode() + b"# \xc0\x80", "x.yaml:12: not UTF-8 text"),
    "binary": (bytes(range(256)), "not UTF-8 text"),
    "NUL": (SKETCH + "  notes: [a\0b]\n", "x.yaml:12: the control character U+0000 is not"),
    "escape": (SKETCH + "  notes: [a\x1b[31m]\n", "x.yaml:12: the control character U+001B"),
    "C1": (SKETCH + "  notes: [a\x9bb]\n", "x.yaml:12: the control character U+009B"),
    "right to left": (sketch("Sketch 1B", "B1 \u202ehctekS"), "x.yaml:2: the control character"),
    "escaped escape": (sketch("Sketch 1B", '"a\\e[31m"'), "x.yaml:2: the control character U+001B"),
    "escaped return": (sketch("Sketch 1B", '"a\\rb"'), "x.yaml:2: the control character U+000D"),
    "escape in a key": (SKETCH + '  "\\e[31m": 1\n', "x.yaml:12: the control character U+001B"),
    "escape in a tag": (SKETCH + "  notes: !<%1B[31m> a\n", "x.yaml:12: the tag \\x1b[31m is not"),
    "a name of two lines": (sketch("Sketch 1B", '"a\\nb"'), "x.yaml:2: name: expected one line"),
    "a tab": (sketch("  kind", "\tkind"), "x.yaml:4: not YAML: found a tab"),
    "two documents": (f"{SKETCH}---\n{SKETCH}", "x.yaml:12: not YAML: expected a single document"),
    "YAML 3": ("%YAML 3.0\n---\n" + SKETCH, "x.yaml:1: not YAML: found incompatible"),
    # a fault in a file of another make is told at its line all the same
    "CRLF": ((SKETCH + "  x: 1\n").replace("\n", "\r\n"), "x.yaml:12: x: extra inputs"),
    "a BOM": ("\ufeff" + SKETCH + "  x: 1\n", "x.yaml:12: x: extra inputs are not permitted"),
    # what costs time or memory
    "billion laughs": (laughs(), "x.yaml:1: aliases (*name) are not allowed"),
    "a huge file": (b"#" * 5_000_000, "x.yaml: larger than 4,000,000 bytes"),
    "deep brackets": ("[" * 300_000, "x.yaml:1: nested too deeply"),
    "deep braces": ("{a: " * 300_000, "x.yaml:1: nested too deeply"),
    "deep dashes": ("- " * 300_000, "x.yaml:1: nested too deeply"),
    "deep keys": ("- ? " * 300_000, "x.yaml:1: nested too deeply"),
    "deep lines": ("".join(" " * i + "a:\n" for i in range(2000)), "x.yaml:31: nested too deeply"),
    "a flood of values": (f"[{'a,' * 1_900_000}]", "x.yaml:1: holds more than 100,000 values"),
    "a flood of lists": (f"[{'[],' * 1_300_000}]", "x.yaml:1: holds more than 100,000 values"),
    "a flood of keys": ("? a\n" * 900_000, "holds more than 100,000 values"),
    "a flood of models": (
        "".join(SKETCH.replace("1b", f"1b-{i}") for i in range(13_000)),
        "holds more than 100,000 values",
    ),
    "a long id": (sketch("sketch-1b", "a-" * 1_000_000 + "b"), "x.yaml:1: id: string should have"),
    "an open quote": (SKETCH + '  notes: ["' + "a" * 3_000_000, "x.yaml:12: not YAML"),
    # tags and structure
    "a Python object": (sketch("Sketch 1B", "!!python/object/apply:os.system [id]"),
                        "x.yaml:2: the tag tag:yaml.org,2002:python/object/apply:os.system"),
    "a tag on a scalar": (sketch("Sketch 1B", "!sketch x"), "x.yaml:2: the tag !sketch is not"),
    "a tag on a list": (sketch("[text]", "!mine [text]"), "x.yaml:8: the tag !mine is not"),
    "a tag on a mapping": (sketch("{default", "!!python/dict {default"), "x.yaml:11: the tag"),
    "a set": (sketch("[text]", "!!set {text}"), "x.yaml:8: the tag tag:yaml.org,2002:set is not"),
    "binary text": (sketch("Sketch 1B", "!!binary aGk="), "x.yaml:2: the tag"),
    "a merged key": ("- <<: {id: sketch}\n", "x.yaml:1: the entry has no id"),
    "a list as a key": ("- {[a]: 1}\n", "x.yaml:1: a key must be a plain word"),
    "a key twice": (SKETCH + "  name: Other\n", "x.yaml:12: the key 'name' stands twice"),
    "a key twice, deep": (sketch("source: course", "source: a, source: b"),
                          "x.yaml:11: the key 'source' stands twice"),
    "an unknown key": (SKETCH + "  licence: MIT\n", "x.yaml:12: licence: extra inputs are not"),
    "an id that is a number": (sketch("sketch-1b", "7"), "x.yaml:1: the entry has no id"),
    # what YAML reads otherwise than people do
    "yes": (sketch("tool_calling: unknown", "tool_calling: yes"), "or 'unknown' (found 'yes')"),
    "a month 13": (SKETCH + "  released: 2024-13-01\n", "x.yaml:12: released: month must be in"),
    "a time": (SKETCH + "  released: 2024-01-01T00:00:00Z\n", "released: expected a date as"),
    "an octal": (size("017"), "x.yaml:6: params_b: input should be a valid number (found '017')"),
    "a modern octal": (size("0o17"), "x.yaml:6: params_b: input should be a valid number"),
    "base sixty": (size("1:30"), "x.yaml:6: params_b: input should be a valid number"),
    "a quoted number": (size("'7'"), "x.yaml:6: params_b: input should be a valid number"),
    "true for a number": (size("true"), "x.yaml:6: params_b: input should be a valid number"),
    "NaN": (size(".nan"), "x.yaml:6: params_b: input should be a valid number (found '.nan')"),
    "quoted NaN": (size("'nan'"), "x.yaml:6: params_b: input should be a valid number"),
    "infinity": (size(".inf"), "x.yaml:6: params_b: input should be a valid number"),
    "1e400": (size("1.0e+400"), "x.yaml:6: params_b: input should be a valid number"),
    "400 digits": (size("9" * 400), "x.yaml:6: params_b: input should be a valid number"),
    "5,000 digits": (SKETCH + f"  context: {'9' * 5000}\n", "x.yaml:12: context: input should be"),
    "a megabyte of digits": (SKETCH + f"  context: 0x{'f' * 10**6}\n", "x.yaml:12: context: input"),
    "20 digits": (SKETCH + f"  context: {'9' * 20}\n", "context: input should be less than"),
    "infinite file": (SKETCH + "  file_gb: {Q4_K_M: .inf}\n", "x.yaml:12: file_gb.Q4_K_M: input"),
    "negative file": (SKETCH + "  file_gb: {Q4_K_M: -3}\n", "x.yaml:12: file_gb.Q4_K_M: input"),
}  # fmt: skip


Refused = Callable[[Path, str], None]


@pytest.fixture
def refused(whyllm: Command, reading_effort: float) -> Refused:
    """Nothing on standard output, one printable line on the other, exit 2, at a bounded cost."""

    def refused(folder: Path, complaint: str) -> None:
        start = time.process_time()
        shown = whyllm("kb", "check", "--kb", str(folder))
        assert time.process_time() - start < EFFORT * reading_effort
        assert (shown.code, shown.out) == (2, "")
        assert shown.err.startswith("whyllm: ")
        assert shown.err.endswith("\n")
        assert shown.err[:-1].isprintable()
        assert complaint in shown.err

    return refused


@pytest.fixture
def whyllm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    return Command(monkeypatch, tmp_path / "state")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of knowledge with room for models."""
    (tmp_path / "mine" / "models").mkdir(parents=True)
    return tmp_path / "mine"


@pytest.mark.parametrize("case", CONTENT)
def test_content(refused: Refused, folder: Path, case: str) -> None:
    content, complaint = CONTENT[case]
    raw = content if isinstance(content, bytes) else content.encode()
    (folder / "models" / "x.yaml").write_bytes(raw)
    refused(folder, complaint)


HARMLESS = {
    "CRLF": SKETCH.replace("\n", "\r\n"),
    "a BOM": "\ufeff" + SKETCH,
    "markers": f"---\n{SKETCH}...\n",
    "a date": SKETCH + "  released: 2024-01-31\n",
    "a year": SKETCH + "  released: 2024\n",
    "Norwegian": SKETCH + "  languages: [no, en]\n",
    "a name like a switch": sketch("Sketch 1B", "on"),
    "an empty list": "[]\n",
}


@pytest.mark.parametrize("case", HARMLESS)
def test_what_only_looks_odd_is_read(whyllm: Command, folder: Path, case: str) -> None:
    (folder / "models" / "x.yaml").write_bytes(HARMLESS[case].encode())
    assert whyllm("kb", "check", "--kb", str(folder)).code == 0


def link(path: Path, target: str) -> None:
    path.symlink_to(target)


def many(path: Path) -> None:
    for i in range(100_000):
        (path.parent / f"{i}.yaml").touch()


def bound(path: Path) -> None:
    """A socket; bound by a relative name, since a socket's path must be short."""
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(before)


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link to itself": (lambda x: link(x, str(x)), "x.yaml: cannot be read: Too many levels"),
    "a link to nothing": (lambda x: link(x, "nowhere"), "x.yaml: cannot be read: No such file"),
    "a link out": (lambda x: link(x, "/etc/passwd"), "x.yaml: a link that leads out of the folder"),
    "a link up": (lambda x: link(x, "../../other.yaml"), "x.yaml: a link that leads out of"),
    "a pipe": (os.mkfifo, "x.yaml: expected a plain file"),
    "a socket": (bound, "x.yaml: expected a plain file"),
    "a device": (lambda x: link(x, "/dev/zero"), "x.yaml: expected a plain file"),
    "a folder": (Path.mkdir, "x.yaml: expected a plain file"),
    "many": (many, "models: holds more than 1,000 files"),
    "a steering name": (
        lambda x: x.with_name("\x1b[31m\n.yaml").write_text("x"), "\\x1b[31m .yaml:1: expected"
    ),
    "a name that is no text": (
        lambda x: Path(os.fsdecode(os.fsencode(x.parent) + b"/\xff.yaml")).write_text("x"),
        "\\udcff.yaml:1: expected a list",
    ),
    "a floody folder": (
        lambda x: [
            x.with_name(f"{j}.yaml").write_text(
                "".join(SKETCH.replace("1b", f"{i}-{j}").replace("1B", f"{i} {j}")
                        for i in range(700))
            )
            for j in range(10)
        ],
        "mine: holds more than 100,000 values",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_files(refused: Refused, folder: Path, case: str) -> None:
    make, complaint = FILES[case]
    (folder.parent / "other.yaml").write_text(SKETCH)
    make(folder / "models" / "x.yaml")
    refused(folder, complaint)


def test_a_name_that_is_no_text_is_read(whyllm: Command, folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder / "models") + b"/\xff.yaml")).write_text(SKETCH)
    assert whyllm("kb", "check", "--kb", str(folder)).code == 0


def looped(path: Path) -> Path:
    path.symlink_to(path)
    return path


def made(path: Path) -> Path:
    path.mkdir()
    return path


FOLDERS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda x: x / "no", "x/no: no such folder of knowledge"),
    "a file": (lambda _: Path(__file__), "test_hostile.py: no such folder of knowledge (this is"),
    "below a file": (lambda _: Path(__file__) / "x", "x: cannot be read: Not a directory"),
    "a loop": (looped, "x: cannot be read: "),
    "too long": (lambda x: made(x) / ("a" * 5000), "cannot be read: File name too long"),
    "empty": (made, "x: holds no knowledge files (expected some of: edition.yaml"),
    "a steering name": (lambda x: made(x.with_name("\x1b]0;a\n")), "\\x1b]0;a : holds no"),
    "devices": (lambda _: Path("/dev"), "overlay /dev: holds no knowledge files"),
}


@pytest.mark.parametrize("case", FOLDERS)
def test_folders(refused: Refused, tmp_path: Path, case: str) -> None:
    make, complaint = FOLDERS[case]
    refused(make(tmp_path / "x"), complaint)


def test_dots_in_a_path_are_a_path(whyllm: Command, folder: Path) -> None:
    (folder / "models" / "x.yaml").write_text(SKETCH)
    assert whyllm("kb", "check", "--kb", str(folder / "models" / "..")).code == 0


def test_a_folder_that_may_not_be_read(
    refused: Refused, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Simulated, since an administrator may read any folder."""
    scan = os.scandir

    def denied(path: Path) -> object:
        if str(path).startswith(str(folder)):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr("os.scandir", denied)
    refused(folder, "cannot be read: Permission denied")


@pytest.mark.parametrize(
    "case", ["billion laughs", "a flood of values", "deep keys", "5,000 digits"]
)
def test_memory_is_bounded(folder: Path, case: str) -> None:
    content, complaint = CONTENT[case]
    assert isinstance(content, str)
    (folder / "models" / "x.yaml").write_text(content)
    done = subprocess.run(
        [sys.executable, "-m", "whyllm.cli", "kb", "check", "--kb", str(folder)],
        capture_output=True,
        text=True,
        timeout=30,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert complaint in done.stderr


def test_a_typed_name_does_not_steer_the_terminal(whyllm: Command) -> None:
    shown = whyllm("why", "owner/\x1b[2Jcodestral-22b-v0.1-GGUF", "--use", "research")
    assert "\x1b" not in shown.err
