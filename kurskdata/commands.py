"""What the commands of ``kursk`` share: options, errors, and what they print and write, whatever the code page of the
console; and ``kursk data``. Only click loads here, as in `kurskdata.cli`.
"""

from __future__ import annotations

import codecs
import errno
import functools
import io
import os
import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kurskdata import disk
from kurskdata.editions import PARAMETERS, THEMES, UNITS, Edition
from kurskdata.errors import InputError, KurskdataError
from kurskdata.tables.descriptor import MAPS, data_folder, use_data
from kurskdata.words.language import LANGUAGES

FOLDER = click.Path(file_okay=False, path_type=Path)
CHECK_FORMATS = ("table", "csv", "json", "html")
TYPES: dict[str, Any] = {
    "units": click.Choice(UNITS),
    "language": click.Choice(LANGUAGES),
    "theme": click.Choice(THEMES),
    "observer": click.Choice(list(MAPS)),
    "engine": click.Choice(("kursk", "ipykernel")),
    "format of a check": click.Choice(CHECK_FORMATS),
    "format of changes": click.Choice(CHECK_FORMATS[:3]),
    "format of tables": click.Choice(("csv", "parquet", "json", "sqlite")),
    "file": click.Path(dir_okay=False, path_type=Path),
    "folder": FOLDER,
    "existing folder": click.Path(exists=True, file_okay=False, path_type=Path),
    "path": click.Path(path_type=Path),
    "count": click.IntRange(1, 1024),
    "MiB": click.IntRange(256, 1 << 24),
    "seconds": click.FloatRange(0.1, 604_800),
    "as it is": click.UNPROCESSED,
}
"""The types of arguments and options, by their names in ``commands.toml``."""


def _use(ctx: click.Context, _: click.Parameter, folder: Path | None) -> None:
    before = os.environ.get("KURSKDATA_DATA", "")
    if folder:
        use_data(folder)
        ctx.call_on_close(lambda: os.environ.update(KURSKDATA_DATA=before))


class Command(click.Command):
    """A command whose epilog is shown as it is."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        formatter.write(f"\n{self.epilog}" if self.epilog else "")


class Group(click.Group):
    """Turns our errors into one message and an exit code."""

    command_class = Command
    group_class = type

    def main(self, *args: Any, **extra: Any) -> Any:
        show_all()
        return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (KurskdataError, OSError) as fault:
            if isinstance(fault, OSError) and fault.errno == errno.EPIPE:
                raise  # whoever read our output has gone; click knows
            place = f"{fault.filename}: " if isinstance(fault, OSError) and fault.filename else ""
            click.echo(f"kursk: {place}{getattr(fault, 'strerror', None) or fault}", err=True)
            full = isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO)
            ctx.exit(1 if full else getattr(fault, "exit_code", 2))


_PLAIN = str.maketrans("−–—‑’‘“”„«»×\u00a0\u202f\u2009", '----\'\'"""""x   ') | {
    ord("→"): "->",
    ord("÷"): "/",
}


def _plain(fault: UnicodeError) -> tuple[str, int]:
    """What a console shows for characters that its code page lacks: a minus stays a minus, others become "?"."""
    assert isinstance(fault, UnicodeEncodeError)
    lacking = fault.object[fault.start : fault.end].translate(_PLAIN)
    return "".join(c if c.isascii() else "?" for c in lacking), fault.end


def show_all() -> None:
    """From now on characters that the console's code page lacks are replaced: they end no command."""
    codecs.register_error("plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plain")


def hand_over(text: str, out: Path | None) -> None:
    """Prints a text for programs, in UTF-8 whatever the console's code page, or writes it to a file and names it.

    Raises InputError where the file cannot be written.
    """
    if out is None:
        click.echo(text.encode(), nl=False)
        return
    try:
        disk.write(out, text)
    except OSError as fault:
        raise InputError(f"{out}: cannot be written ({fault.strerror})") from None
    click.echo(out)


@functools.cache
def _parameters() -> dict[str, dict[str, dict[str, Any]]]:
    text = Path(__file__).with_suffix(".toml").read_text("utf-8")
    for name in PARAMETERS:
        text = text.replace(f"{{{name}}}", str(getattr(Edition, name)))
    return tomllib.loads(text)


def command(group: click.Group, name: str, **settings: Any) -> Callable[[Callable[..., None]], click.Command]:
    """A function as a command of a group, with the option ``--data``, its parameters in ``commands.toml`` and, as epilog,
    its guide in ``help/``.

    A command of ``kursk data`` has ``data-`` in front of its name.
    """

    def added(function: Callable[..., None]) -> click.Command:
        text = "Folder with tables of your own in place of ours; kursk data copy makes one."
        click.option("--data", type=FOLDER, expose_value=False, callback=_use, help=text)(function)
        for names, given in reversed(_parameters().get(name, {}).items()):
            kind = click.option if names.startswith("-") else click.argument
            kind(*names.split(), **given | {"type": TYPES.get(given.get("type", ""))})(function)
        guide = Path(__file__).parent / "help" / f"{name}.md"
        epilog = guide.read_text("utf-8") if guide.is_file() else None
        return group.command(name.removeprefix("data-"), epilog=epilog, **settings)(function)

    return added


@click.group(cls=Group)
def data() -> None:
    """List, describe and validate the tables, or write them in other formats."""


@command(data, "data-list")
def list_tables() -> None:
    """Every table with its number of rows and what a row is."""
    from kurskdata.tables import descriptor, reader

    for name in descriptor.names():
        click.echo(f"{name:<10} {len(reader.load(name)):>5}  {descriptor.resource(name)['description']}")


@command(data, "data-describe")
def describe(table: str) -> None:
    """The columns of TABLE: type, unit, meaning, allowed values."""
    from kurskdata.tables.export import describe as described

    click.echo(described(table))


@command(data, "data-validate")
def validate() -> None:
    """Check every table against its description, and every reference between tables."""
    from kurskdata.tables import validation

    faults = validation.faults()
    click.echo("\n".join(faults) or "all tables are valid", err=bool(faults))
    sys.exit(2 if faults else 0)


@command(data, "data-export")
def export(form: str, out: Path) -> None:
    """Write all tables as CSV, Parquet, JSON or one SQLite file."""
    from kurskdata.tables.export import export as write

    for path in write(form, out):
        click.echo(path)


@command(data, "data-copy")
def copy(folder: Path) -> None:
    """Copy the tables into FOLDER, to add rows of your own."""
    disk.make_folder(folder, "folder for the tables")
    if any(folder.iterdir()):
        raise InputError(f"{folder}: is not empty; nothing was copied")
    shutil.copytree(data_folder(), folder, dirs_exist_ok=True)
    click.echo(folder)


@command(data, "data-diff")
def diff(old: str | None, new: str | None, form: str) -> None:
    """List what changed from OLD (the release) to NEW (the tables in use), and what has no entry in corrections.csv."""
    import pandas as pd

    from kurskdata.tables import changes

    found = changes.diff(old or changes.released()["version"], new or str(data_folder()))
    frame = pd.DataFrame(found, columns=changes.Change._fields)
    if form == "csv":
        click.echo(frame.to_csv(index=False, lineterminator="\n"), nl=False)
    elif form == "json":
        click.echo(frame.to_json(orient="records", force_ascii=False, indent=1))
    for one in found if form == "table" else ():
        what = f" {one.old!r:.80} to {one.new!r:.80}" if one.change == "cell changed" else ""
        click.echo(f"entry {one.entry}: {one.change}: {one.table} {one.key} {one.column}{what}")
    missing = sum(one.entry == "missing" for one in found)
    click.echo(f"kursk: {len(found)} changes, {missing} without an entry in corrections.csv", err=True)
    sys.exit(1 if missing else 0)
