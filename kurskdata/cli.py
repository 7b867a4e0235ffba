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

from kurskdata.editions import PARAMETERS, THEMES, UNITS
from kurskdata.errors import BuildError, InputError, KurskdataError
from kurskdata.words.language import LANGUAGES


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
@click.option(
    "--engine",
    type=click.Choice(("kursk", "ipykernel")),
    default="kursk",
    show_default=True,
    help="How notebooks run: in fresh processes forked from a warm one, or in a kernel each. The results are the same.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    default=None,
    help="Editions made at a time.  [default: one a core]",
)
@click.option("--force", is_flag=True, help="Make everything, also what stands as it should.")
@click.option(
    "--check",
    is_flag=True,
    help="Make nothing; list what is missing, stale or altered, and why. Exit code 1 if anything is.",
)
@click.option(
    "--verify",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Make all editions in DIR again elsewhere and compare to the byte.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=120,
    show_default=True,
    help="Seconds that a cell may run.",
)
@click.option(
    "--memory",
    type=click.IntRange(min=256),
    default=4096,
    show_default=True,
    help="MiB of data that a report may hold.",
)
@click.option(
    "--shard",
    default=None,
    metavar="I/N",
    help="Make only part I of N, chosen by the hash of the parameters; the folders of all parts merge by copying.",
)
@click.option(
    "--dask",
    default=None,
    metavar="ADDRESS",
    help="Run on the workers of a Dask scheduler, such as tcp://scheduler:8786.",
)
@click.option(
    "--proof",
    is_flag=True,
    help="Also write proof.html: every chart of the last day, in the first of the units, in all languages, light and dark, at 320, 640 and 1200 pixels.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line for every edition, and a summary."
)
def build(
    as_of: str,
    notebooks: tuple[str, ...],
    units: tuple[str, ...],
    language: tuple[str, ...],
    theme: tuple[str, ...],
    parameters: tuple[str, ...],
    out: Path,
    engine: str,
    jobs: int | None,
    force: bool,
    check: bool,
    verify: Path | None,
    timeout: float,
    memory: int,
    shard: str | None,
    dask: str | None,
    proof: bool,
    as_json: bool,
) -> None:
    """Make reports: editions x notebooks, with every chart ready for an article.

    What stands as its inputs say is left alone: only what a changed notebook, table or package touches is made.
    """
    from kurskdata import editions
    from kurskdata.reports import batch as builds
    from kurskdata.reports.stale import stale_editions

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
    if shard and proof:
        raise InputError(
            "proof: a shard holds no whole day; merge the folders, then build with --proof alone"
        )
    if shard:
        batch = builds.shard(batch, *_shard(shard))
    paths = [builds.notebook(name) for name in notebooks or ("report",)]
    shown: tuple[editions.Edition, ...] = ()
    if proof:
        from kurskdata.reports import proof as sheet

        shown = tuple(sheet.editions(batch))
        batch = list(dict.fromkeys([*batch, *shown]))
    options = builds.Options(engine, jobs, force, timeout, memory << 20, dask, shown)
    if check:
        sys.exit(_check_build(stale_editions(batch, paths, out), len(batch), out, shown))
    if verify:
        sys.exit(_verify(verify, {path.stem: path for path in paths}, options))
    code = _make(builds.build(batch, paths, out, options), len(batch), out, as_json)
    if proof and not as_json and not code:
        click.echo(out / sheet.NAME)
    sys.exit(code)


def _make(outcomes: Any, total: int, out: Path, as_json: bool) -> int:
    """Builds, tells what becomes of it, and returns the exit code; a signal to end is taken like Ctrl-C."""
    import contextlib
    import signal

    from kurskdata.reports.progress import Progress

    progress = Progress(total, out, as_json=as_json)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.closing(outcomes):
            for outcome in outcomes:
                progress.add(outcome)
    except KeyboardInterrupt:
        return progress.stopped()
    except BuildError:
        progress.close()
        raise
    return progress.close()


def _shard(text: str) -> tuple[int, int]:
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal()):
        raise InputError(f"shard: {text!r} is not of the form I/N, such as 1/4")
    return int(number), int(of)


def _check_build(stale: Any, total: int, out: Path, shown: tuple[Any, ...]) -> int:
    """Lists what does not stand as it should: editions, and the proof sheet if it was asked for."""
    for edition, reports in stale.items():
        for stem, reasons in reports.items():
            if reasons:
                click.echo(f"{edition.name}, {stem}: {'; '.join(reasons)}")
    if stale:
        click.echo(f"kursk: {len(stale)} of {total} editions must be made", err=True)
        return 1
    if shown:
        from kurskdata.reports import proof

        if why := proof.reason(out, shown):
            click.echo(f"{proof.NAME}: {why}")
            click.echo("kursk: the proof sheet must be made", err=True)
            return 1
    click.echo(f"kursk: all {total} editions stand as the inputs say", err=True)
    return 0


def _verify(folder: Path, given: dict[str, Path], options: Any) -> int:
    """Compares a folder with what a new build gives."""
    from kurskdata.reports.verify import differences

    count, found = differences(folder, given, options)
    for line in found:
        click.echo(line)
    click.echo(
        f"kursk: {len(found)} of {count} files differ"
        if found
        else f"kursk: all {count} files are identical",
        err=True,
    )
    return 1 if found else 0


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


@main.group()
def data() -> None:
    """Look at the tables, check them, write them in other formats."""


@data.command("list")
def list_tables() -> None:
    """Every table with its number of rows and what a row is."""
    from kurskdata.tables import descriptor, reader

    for name in descriptor.names():
        click.echo(f"{name:<10} {len(reader.load(name)):>5}  {descriptor.resource(name)['description']}")


@data.command()
@click.argument("table")
def describe(table: str) -> None:
    """The columns of TABLE: type, unit, meaning, allowed values."""
    from kurskdata.tables.dictionary import describe as described

    click.echo(described(table))


@data.command()
def validate() -> None:
    """Check every table against its description, and every reference between tables."""
    from kurskdata.tables import validation

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
    from kurskdata.tables.export import export as write

    for path in write(form, out):
        click.echo(path)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as-of", "as_of", default=None, metavar="DAY", help="Use only what was public by this day.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "html"]),
    default="table",
    show_default=True,
    help="How to print the result.",
)
@click.option("--base-km2", default=1268.0, show_default=True, help="Total area that shares are taken of.")
@click.option(
    "--tolerance-days",
    default=3,
    show_default=True,
    help="How far evidence may lie from the day of a claim, in days.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language of the sentences.",
)
def check(
    file: Path, as_of: str | None, form: str, base_km2: float, tolerance_days: int, language: str
) -> None:
    """Check the claims of any article, FILE.csv, against claims, ledger, maps and arithmetic.

    FILE has the columns of the table article: claim_id, measure, value, unit, and where known speaker, subject,
    qualifier, as_of, window_start, window_end.
    """
    from kurskdata import display
    from kurskdata.check import check_claims, read_claims
    from kurskdata.editions import Edition
    from kurskdata.tables.reader import as_text
    from kurskdata.words import headings
    from kurskdata.words.language import Words

    claims = read_claims(file)
    found = check_claims(
        claims, as_of=as_of, base_km2=base_km2, tolerance_days=tolerance_days, language=language
    )
    if form == "csv":
        click.echo(as_text(found).to_csv(index=False, lineterminator="\n"), nl=False)
    elif form == "json":
        click.echo(as_text(found).to_json(orient="records", force_ascii=False, indent=1))
    elif form == "html":
        shown = found[["claim_id", "status", "reading", "evidence", "sentence", "source_ids"]]
        click.echo(display.Table(shown, Edition(language=language)).page())
    else:
        w = Words(language)
        wide = max((len(headings.value("status", status, w)) for status in found["status"]), default=0)
        for claim_id, rows in found.groupby("claim_id", sort=False):
            click.echo(click.style(str(claim_id), bold=True))
            for row in rows.to_dict("records"):
                click.echo(f"  {headings.value('status', row['status'], w):<{wide}} {row['sentence']}")


@main.command()
@click.argument("observer", type=click.Choice(["deepstate", "owlmaps"]))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--output",
    "-o",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV file to write.  [default: print]",
)
@click.option(
    "--jobs", "-j", type=click.IntRange(min=1), default=None, help="Processes.  [default: one a core]"
)
def measure(observer: str, folder: Path, out: Path | None, jobs: int | None) -> None:
    """Measure a map archive: FOLDER in the layout of the public archive, as rows of the table control."""
    from tqdm import tqdm

    from kurskdata.tables import measure as archives

    with tqdm(unit="snapshot", disable=None, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        found = archives.measure(observer, folder, jobs=jobs, progress=progress)
    for name, reason in found.skipped:
        click.echo(f"kursk: {name}: skipped, {reason}", err=True)
    text = archives.csv_text(found.rows)
    if out is None:
        click.echo(text, nl=False)
    else:
        aside = out.with_name(f".{out.name}.part")
        aside.write_text(text, "utf-8", newline="")
        aside.replace(out)
        click.echo(out)


@main.command("export")
@click.argument("chart", metavar="CHART")
@click.option(
    "--output",
    "-o",
    "out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to.",
)
@click.option("--as-of", "as_of", default=None, metavar="DAY", help="Day that the chart speaks from.")
@click.option("--units", default=None, type=click.Choice(UNITS), help="Unit of area.  [default: km2]")
@click.option("--language", default=None, type=click.Choice(LANGUAGES), help="Language.  [default: en]")
@click.option(
    "--theme",
    default=None,
    type=click.Choice(THEMES),
    help="Colours of the pictures; a page of the light theme follows its reader.  [default: light]",
)
@click.option("--start", default=None, metavar="DAY", help="First day shown.")
@click.option("--end", default=None, metavar="DAY", help="Last day shown.")
@click.option(
    "--address", default="", metavar="URL", help="Where the folder will be published, for the snippets."
)
@click.option(
    "--interactive", is_flag=True, help="Add interactive.html: the chart with tooltips, offline, 0.9 MB."
)
def export_chart(chart: str, out: Path, address: str, interactive: bool, **parameters: str | None) -> None:
    """Write one chart for an article: CHART is settlements, settlements-campaign, locator, area, timeline or claims."""
    from kurskdata import editions, embed
    from kurskdata.charts import by_name

    spec = by_name.spec(chart, editions.edition(parameters))
    try:
        embed.write(spec, out, address=address, interactive_view=interactive)
    except OSError as fault:
        raise InputError(f"{out}: cannot be used as output folder ({fault.strerror})") from None
    for path in sorted(out.iterdir()):
        click.echo(path)


@main.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Work on copies in this folder; what is there already is never overwritten.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def lab(folder: Path | None, arguments: tuple[str, ...]) -> None:
    """Open JupyterLab on the notebooks; ARGUMENTS go to JupyterLab, such as --no-browser."""
    import importlib.util

    from kurskdata.reports import lab as notebooks

    if importlib.util.find_spec("jupyterlab") is None:
        raise InputError("JupyterLab is not installed; pip install 'kurskdata[lab]'")
    chosen = notebooks.prepare(folder)
    click.echo(f"notebooks: {chosen}", err=True)
    sys.exit(notebooks.start(chosen, arguments))


if __name__ == "__main__":
    main()
