"""The command ``kursk``. Errors are one message and an exit code: 2 for bad input, 1 for a failed build.

Only click loads here; every command loads what it needs when it runs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

try:
    import click
except ModuleNotFoundError:  # pragma: no cover
    sys.exit("kursk needs click: pip install 'kurskdata[build]'")

from kurskdata.editions import LANGUAGES, PARAMETERS, THEMES, UNITS
from kurskdata.errors import InputError, KurskdataError


class _Command(click.Group):
    """Turns our errors into one message and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KurskdataError as fault:
            click.echo(f"kursk: {fault}", err=True)
            ctx.exit(fault.exit_code)
        except ModuleNotFoundError as fault:
            click.echo(f"kursk: {fault.name} is not installed; pip install 'kurskdata[all]'", err=True)
            ctx.exit(2)


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kurskdata")
def main() -> None:
    """Sourced claims on the Kursk campaign: reports, charts for articles, data, checks."""


@main.command()
@click.option(
    "--as-of",
    "as_of",
    default="2025-03-14",
    show_default=True,
    metavar="DAYS",
    help="Day that the report speaks from: 2025-03-14, a range 2025-03-08..2025-03-14 (one edition a day), or several with commas.",
)
@click.option(
    "--notebook",
    "-n",
    "notebooks",
    multiple=True,
    metavar="NAME",
    help="Notebook by name or path; may be given several times.  [default: report]",
)
@click.option(
    "--units",
    multiple=True,
    type=click.Choice(UNITS),
    help="Unit of area; several make several editions.  [default: km2]",
)
@click.option(
    "--language",
    multiple=True,
    type=click.Choice(LANGUAGES),
    help="Language; several make several editions.  [default: en]",
)
@click.option(
    "--theme",
    multiple=True,
    type=click.Choice(THEMES),
    help="Colours; several make several editions.  [default: light]",
)
@click.option(
    "--parameter",
    "-p",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Any other parameter of the notebooks, such as start=2025-03-01.",
)
@click.option(
    "--output",
    "-o",
    "out",
    default="build",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to.",
)
def build(
    as_of: str,
    notebooks: tuple[str, ...],
    units: tuple[str, ...],
    language: tuple[str, ...],
    theme: tuple[str, ...],
    parameters: tuple[str, ...],
    out: Path,
) -> None:
    """Make reports: editions x notebooks, with every chart ready for an article."""
    from kurskdata import editions
    from kurskdata.build import build as make
    from kurskdata.build import notebook

    fixed = _named(parameters)
    one = editions.edition(fixed)
    batch = editions.matrix(
        editions.days(fixed.get("as_of") or as_of),
        units or (one.units,),
        language or (one.language,),
        theme or (one.theme,),
        start=one.start,
        end=one.end,
    )
    paths = [notebook(name) for name in notebooks or ("report",)]
    failed = []
    with _progress(len(batch)) as step:
        for outcome in make(batch, paths, out):
            step(outcome.edition.name)
            if outcome.error:
                failed.append(outcome.error)
            for page in outcome.pages:
                click.echo(page)
    click.echo(out / "index.html")
    if failed:
        click.echo(f"kursk: {len(failed)} of {len(batch)} editions failed", err=True)
        for error in failed:
            click.echo(f"  {error}", err=True)
        sys.exit(1)


def _named(parameters: tuple[str, ...]) -> dict[str, str]:
    """NAME=VALUE pairs, refused when the name is none of the notebooks' parameters."""
    found = {}
    for pair in parameters:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InputError(
                f"parameter: {pair!r} is not of the form NAME=VALUE; allowed names: {', '.join(PARAMETERS)}"
            )
        if name not in PARAMETERS:
            raise InputError(f"parameter not known: {name}; allowed: {', '.join(PARAMETERS)}")
        found[name] = value
    return found


class _progress:  # noqa: N801
    """A bar in a terminal, silence elsewhere: the pages are printed either way."""

    def __init__(self, total: int) -> None:
        self.total = total

    def __enter__(self) -> Any:
        from tqdm import tqdm

        self.bar = tqdm(total=self.total, unit="edition", disable=None, file=sys.stderr)
        return self._step

    def _step(self, name: str) -> None:
        self.bar.set_postfix_str(name, refresh=False)
        self.bar.update()

    def __exit__(self, *_: object) -> None:
        self.bar.close()


@main.group()
def data() -> None:
    """Look at the tables, check them, write them in other formats."""


@data.command("list")
def list_tables() -> None:
    """Every table with its number of rows and what a row is."""
    from kurskdata import descriptor, tables

    for name in descriptor.names():
        click.echo(f"{name:<10} {len(tables.load(name)):>5}  {descriptor.resource(name)['description']}")


@data.command()
@click.argument("table")
def describe(table: str) -> None:
    """The columns of TABLE: type, unit, meaning, allowed values."""
    from kurskdata.dictionary import describe as described

    click.echo(described(table))


@data.command()
def validate() -> None:
    """Check every table against its description, and every reference between tables."""
    from kurskdata import validation

    faults = validation.faults()
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(2)
    click.echo("all tables are valid")


@data.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "parquet", "json", "sqlite"]),
    required=True,
    help="Format to write.",
)
@click.option(
    "--output",
    "-o",
    "out",
    default="export",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to.",
)
def export(form: str, out: Path) -> None:
    """Write all tables as CSV, Parquet, JSON or one SQLite file."""
    from kurskdata.export import export as write

    for path in write(form, out):
        click.echo(path)


if __name__ == "__main__":
    main()
