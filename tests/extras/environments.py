"""Environments that hold the core alone, or the core and one extra, to run the command in.

The ordinary ones are folders of links to the libraries that are installed here, of which only
those are linked that the package's metadata calls for; Python sees nothing else. The fresh ones
(`--fresh`) are virtual environments into which pip installs the package's wheel.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.cli.runner import Result
from tests.extras.imports import PACKAGES, ROOT, libraries_of

CORE = "core"
DEVELOPMENT = ("test", "docs", "bench", "check")
"""The extras that bring nothing of the package's own to life."""


def extras() -> list[str]:
    """The extras that whoever uses the package can install, as its metadata has them."""
    named = distribution("whyllm").metadata.get_all("Provides-Extra") or []
    return [extra for extra in named if extra not in DEVELOPMENT]


@cache
def called_for(name: str) -> frozenset[str]:
    """The distributions that the package calls for, with the extra of that name or the core's."""
    asked: dict[str, set[str]] = {}
    ahead = [Requirement("whyllm" if name == CORE else f"whyllm[{name}]")]
    while ahead:
        wanted = ahead.pop()
        key = canonicalize_name(wanted.name)
        new = {"", *wanted.extras} - asked.setdefault(key, set())
        asked[key] |= new
        for line in _requirements(key) if new else ():
            requirement = Requirement(line)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in new):
                ahead.append(requirement)
    return frozenset(asked)


def _requirements(name: str) -> list[str]:
    try:
        return distribution(name).requires or []
    except PackageNotFoundError:  # what is called for and not here is missed by what imports it
        return []


@cache
def brought_by() -> Mapping[str, frozenset[str]]:
    """The distributions that bring a library, by the name that it is imported under."""
    found: dict[str, set[str]] = {}
    for each in distributions():
        for top in {_top(parts) for parts in _files(each)}:
            found.setdefault(top, set()).add(canonicalize_name(each.name))
    return {top: frozenset(names) for top, names in found.items()}


def carries(environment: str, module: str) -> bool:
    """Whether a module of the package can be loaded there: all its libraries are called for."""
    there = called_for(environment)
    return all(brought_by().get(top, frozenset()) & there for top in libraries_of(module))


@dataclass(frozen=True)
class Environment:
    """An environment by its name, with the words that start its Python, and what it is told.

    Commands run in `folder`, which is empty at first, as a user whose home is empty.
    """

    name: str
    python: tuple[str, ...]
    variables: Mapping[str, str]
    folder: Path

    def run(self, *words: str, stdin: str = "") -> Result:
        """Run its Python with these words."""
        done = subprocess.run(
            [*self.python, *words], input=stdin, cwd=self.folder, env=dict(self.variables),
            capture_output=True, text=True,
        )  # fmt: skip
        return Result(done.stdout, done.stderr, done.returncode)

    def whyllm(self, *words: str) -> Result:
        """Run the command."""
        return self.run("-m", "whyllm.cli", *words)


def linked(name: str, folder: Path) -> Environment:
    """The environment of that name as a folder of links."""
    site, (home, work) = folder / "lib" / "python" / "site-packages", _user(folder)
    (site / "whyllm").mkdir(parents=True)
    for package in PACKAGES:
        (site / "whyllm" / package).symlink_to(ROOT / package)
    there = called_for(name)
    for each in distributions():
        if canonicalize_name(each.name) in there:
            _link(each, site, there)
    variables = {**_variables(home), "PYTHONPATH": str(site)}
    variables["XDG_CACHE_HOME"] = os.environ["XDG_CACHE_HOME"]  # one for all tests: to save time
    return Environment(name, (sys.executable, "-S"), variables, work)


def fresh(name: str, folder: Path, wheels: Path) -> Environment:
    """The environment of that name as a virtual one, made of wheels alone."""
    home, work = _user(folder)
    venv.create(folder / "venv", symlinks=True)
    python = folder / "venv" / "bin" / "python"
    wanted = "whyllm" if name == CORE else f"whyllm[{name}]"
    _pip("--python", str(python), "install", "--no-index", "--find-links", str(wheels), wanted)
    return Environment(name, (str(python),), _variables(home), work)


def wheels_of(names: Iterable[str], folder: Path) -> Path:
    """The wheel of the package and of all that it calls for with these extras, in a folder."""
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)  # what an older build left behind
    _pip("wheel", "--wheel-dir", str(folder), f"{ROOT}[{','.join(names)}]")
    return folder


def _pip(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "-qq", *words], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def _user(folder: Path) -> tuple[Path, Path]:
    """An empty home and an empty working folder."""
    home, work = folder / "home", folder / "work"
    home.mkdir()
    work.mkdir()
    return home, work


def _variables(home: Path) -> dict[str, str]:
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
    return {**kept, "HOME": str(home), "COLUMNS": "100"}


def _link(each: Distribution, site: Path, there: frozenset[str]) -> None:
    """Link what a distribution installs: its programs, and of a package that others share its part.

    The package itself is linked as the tree has it, however it is installed here.
    """
    for file in each.files or ():
        if file.parts[0] == ".." and each.name != "whyllm":
            program = Path(os.path.normpath(site / file))
            program.parent.mkdir(parents=True, exist_ok=True)
            program.symlink_to(Path(str(each.locate_file(file))).resolve())
    for parts in _files(each):
        depth = 1 if brought_by()[_top(parts)] <= there else 2
        link = site.joinpath(*parts[:depth])
        if not link.is_symlink():
            link.parent.mkdir(exist_ok=True)
            link.symlink_to(str(each.locate_file(Path(*parts[:depth]))))


def _files(each: Distribution) -> Iterable[tuple[str, ...]]:
    """The parts of the paths of what it installs beside others, and not elsewhere."""
    for file in each.files or ():
        if file.parts[0] not in ("..", "__pycache__") and not file.name.startswith("__editable__"):
            yield file.parts


def _top(parts: tuple[str, ...]) -> str:
    """The name under which what lies there is imported."""
    return parts[0].partition(".")[0] if len(parts) == 1 else parts[0]
