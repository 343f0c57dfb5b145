"""`whyllm export site DIR`: lessons, rules, licences, graphs and all course paths as files."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path

import click
from whyllm.cli.exits import ANSWERED, WrongQuestionError, tell
from whyllm.cli.options import Day, kb_option

MARK = ".whyllm-site"
"""The file by which a folder is known as a site of ours, which may be replaced."""


@click.group("export")
def command() -> None:
    """The site as files, to read without a server."""


@command.command("site")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--on", type=Day(), metavar="DATE", help="Judge as of that day.  [today]")
@kb_option
def site(folder: Path, on: dt.date | None, folders: tuple[Path, ...]) -> int:
    """Write the site to DIR: new, empty, or the site of an earlier export, which is replaced.

    It is read from index.html, offline.
    """
    from whyllm.cli.desk import Desk
    from whyllm.cli.web.static_site import site_files

    target = folder.absolute()
    _refuse_what_is_not_ours(folder, target)
    desk = Desk(folders)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".whyllm-") as made:
            fresh = Path(made) / "site"
            count = 0
            for name, content in site_files(desk, on or dt.date.today()):
                file = fresh / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
                count += 1
            (fresh / MARK).write_text("whyllm export site\n")
            if target.exists():
                shutil.rmtree(target)
            fresh.rename(target)
    except OSError as error:
        raise WrongQuestionError(f"{folder}: cannot be written: {error.strerror}") from None
    tell(f"{folder}: {count} files; begin at {folder / 'index.html'}")
    return ANSWERED


def _refuse_what_is_not_ours(folder: Path, target: Path) -> None:
    """Raise WrongQuestionError for a folder that holds anything but a site of ours."""
    if not target.exists():
        return
    if not target.is_dir():
        raise WrongQuestionError(f"{folder}: expected a folder, this is a file")
    if any(target.iterdir()) and not (target / MARK).is_file():
        raise WrongQuestionError(f"{folder}: holds other files; name a new or an empty folder")
