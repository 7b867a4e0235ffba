"""The command ``kursk``. An error is one message and an exit code: 2 for bad input, 1 for a failed build.

Only click loads here; every command loads what it needs when it runs. The options of a command are in ``commands.toml``;
longer texts for ``--help`` are the Markdown files in ``help/``, which read well as plain text too.
"""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

try:
    import click
except ModuleNotFoundError:  # pragma: no cover
    sys.exit("kursk needs click: pip install 'kurskdata[build]'")

from kurskdata import commands
from kurskdata.commands import CHECK_FORMATS, Group, command, hand_over
from kurskdata.editions import PARAMETERS, Edition
from kurskdata.errors import BuildError, InputError, require, web_folder


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.version_option(package_name="kurskdata")
def main() -> None:
    """Sourced claims on the Kursk campaign: reports, charts for articles, data, checks."""


main.add_command(commands.data)


@command(main, "build")
def build(
    as_of: str,
    notebook: tuple[str, ...],
    parameter: tuple[str, ...],
    out: Path,
    check: bool,
    verify: Path | None,
    shard: str | None,
    proof: bool,
    as_json: bool,
    **others: Any,
) -> None:
    """Make reports, with every chart ready for an article."""
    from kurskdata import editions
    from kurskdata.reports import batch as reports
    from kurskdata.reports import progress

    if strange := [pair for pair in parameter if "=" not in pair]:
        allowed = ", ".join(PARAMETERS)
        raise InputError(f"parameter: {strange[0]!r} is not of the form NAME=VALUE; allowed names: {allowed}")
    fixed = dict(pair.split("=", 1) for pair in parameter)
    one = editions.edition(fixed)
    chosen = [others.pop(name) or (getattr(one, name),) for name in ("units", "language", "theme")]
    batch = editions.matrix(editions.days(fixed.get("as_of") or as_of), *chosen, start=one.start, end=one.end)
    if shard and proof:
        raise InputError(
            "proof: a shard holds no whole day; merge the folders, then build with --proof alone"
        )
    if shard:
        part = re.fullmatch(r"(\d+)/(\d+)", shard)
        if not part:
            raise InputError(f"shard: {shard!r} is not of the form I/N, such as 1/4")
        batch = reports.shard(batch, int(part[1]), int(part[2]))
    paths = [reports.notebook(name) for name in notebook or ("report",)]
    on_proof: tuple[Edition, ...] = ()
    if proof:
        from kurskdata.reports import overview

        on_proof = overview.on_proof(batch)
        batch = list(dict.fromkeys([*batch, *on_proof]))
    others |= {"memory": others["memory"] << 20, "address": web_folder(others["address"] or "")}  # MiB
    options = reports.Options(**others, proof=on_proof)
    if check:
        sys.exit(_check_build(batch, paths, out, options))
    if verify:
        count, different = reports.differences(verify, {path.stem: path for path in paths}, options)
        found = (
            f"{len(different)} of {count} files differ" if different else f"all {count} files are identical"
        )
        click.echo("".join(f"{line}\n" for line in different), nl=False)
        click.echo(f"kursk: {found}", err=True)
        sys.exit(1 if different else 0)
    code = progress.follow(reports.build(batch, paths, out, options), len(batch), out, as_json=as_json)
    if proof and not as_json and not code:
        click.echo(out / "proof.html")
    sys.exit(code)


def _check_build(batch: list[Edition], paths: list[Path], out: Path, options: Any) -> int:
    """Lists the editions that are out of date, and the proof sheet if it was asked for; returns the exit code."""
    from kurskdata.reports.edition import manifest

    now = manifest.inputs(paths, options.address)
    stale = 0
    for edition in batch:
        reports = manifest.reasons(out, edition, now)
        stale += any(reports.values())
        for stem, reasons in reports.items():
            if reasons:
                click.echo(f"{edition.name}, {stem}: {'; '.join(reasons)}")
    if stale:
        click.echo(f"kursk: {stale} of {len(batch)} editions must be made", err=True)
        return 1
    if options.proof:
        from kurskdata.reports import overview

        if why := overview.proof_is_stale(out, options.proof):
            click.echo(f"proof.html: {why}")
            click.echo("kursk: the proof sheet must be made", err=True)
            return 1
    click.echo(f"kursk: all {len(batch)} editions are up to date", err=True)
    return 0


@command(main, "check")
def check(
    file: Path, form: str | None, out: Path | None, language: str, *, full: bool, **options: Any
) -> None:
    """Check the figures of an article: was it said, does it add up, what do others say and show."""
    from kurskdata import prose
    from kurskdata.check import check_claims, page, read_claims

    if out and out.resolve() == file.resolve():
        raise InputError(f"{out}: the result would replace the claims; name another file")
    if str(file) == "-" or file.suffix.lower() in prose.FORMS:
        claims = prose.read_file(file, options["as_of"])
        click.echo(f"article of {claims.attrs['day']}: {len(claims)} figures", err=True)
    else:
        claims = read_claims(file)
    checked = check_claims(claims, language=language, **options)
    named = out.suffix.lower().removeprefix(".") if out else ""
    if out and (out.is_dir() or not (form or named in (*CHECK_FORMATS, "txt"))):
        for path in page.write(checked, claims, out, file):
            click.echo(path)
        return
    form = form or (named if named in CHECK_FORMATS else "table")
    text = _written(checked, form, language, full=full)
    if form == "table" and out is None:
        click.echo(text, nl=False)
    else:
        hand_over(click.unstyle(text if out else text.removeprefix("\ufeff")), out)


def _written(checked: Any, form: str, language: str, *, full: bool) -> str:
    """The result of a check in a format of `CHECK_FORMATS`; a table is styled for terminals."""
    from kurskdata.check import page
    from kurskdata.tables import spreadsheet
    from kurskdata.words import headings
    from kurskdata.words.language import Words

    if form == "csv":
        return spreadsheet.written(checked)
    if form == "json":
        return f"{json.dumps(checked.to_object(), ensure_ascii=False, indent=1)}\n"
    if form == "html":
        return page.html(checked)
    words, evidence = Words(language), checked.evidence if full else checked.evidence.iloc[:0]
    shown = checked.sort_values("look", ascending=False, kind="stable")
    width = max(map(len, shown["claim_id"]), default=0)

    def alone(row: dict[Any, Any]) -> str:
        one = row["source_ids"] and ";" not in row["source_ids"] and row.get("kind") != "map"
        return f" ({words.text('rests on one page')})" if one else ""

    lines = []
    for row in shown.to_dict("records"):
        mark = click.style("! ", fg="red", bold=True) if row["look"] else "  "
        name = click.style(row["claim_id"].ljust(width), bold=True)
        lines.append(f"{mark}{name}  {row['line']}{alone(row)}")
        for one in evidence[evidence["claim_id"] == row["claim_id"]].to_dict("records"):
            question, status = (headings.value(name, one[name], words) for name in ("question", "status"))
            lines.append(f"      {question}, {status}: {one['sentence']}{alone(one)}")
    return "".join(f"{line}\n" for line in lines)


@command(main, "diff")
def diff(old: Path, new: Path, out: Path | None, as_json: bool, exit_code: bool) -> None:
    """List every figure, text and chart that differs between two editions, or two output folders OLD and NEW."""
    from kurskdata.changes import diff as between
    from kurskdata.changes import page

    matched = between.pairs(old, new)
    found = between.changes(matched)
    if as_json:
        told = json.dumps([between.object_of(one) for one in found], ensure_ascii=False, indent=1)
        hand_over(f"{told}\n", None)
    if out:
        click.echo(page.write(found, matched, out), err=as_json)
    for line in () if as_json or out else between.lines(found):
        click.echo(line)
    click.echo(f"kursk: changes: {len(found)}; editions compared: {len(matched)}", err=True)
    sys.exit(int(exit_code and bool(found)))


@command(main, "why")
def why(number: str, place: Path, as_json: bool) -> None:
    """Tell where a NUMBER of an edition, an output folder or a chart's bundle comes from: rows, arithmetic, sources."""
    from kurskdata.changes import why as origins

    found = origins.why(number, place)
    if as_json:
        told = [
            {**dataclasses.asdict(one), "sources": {key: origins.row(key)[1] for key in one.rows}}
            for one in found
        ]
        hand_over(f"{json.dumps(told, ensure_ascii=False, indent=1)}\n", None)
    for line in () if as_json else origins.lines(number, found):
        click.echo(line)


@command(main, "corrected")
def corrected(place: Path, as_json: bool) -> None:
    """List the charts of an edition or output folder that carry a figure which was corrected since."""
    from kurskdata.changes import contents
    from kurskdata.reports.edition import corrected as marks
    from kurskdata.reports.edition import manifest

    known, now = marks.corrections(), manifest.inputs([]).tables
    editions = contents.editions(place)
    found = [{"edition": e.name, **one} for e in editions for one in marks.carried(e.folder, known, now)]
    if as_json:
        hand_over(f"{json.dumps(found, ensure_ascii=False, indent=1)}\n", None)
    for one in () if as_json else found:
        cell = f"{one['key']}, {one['column']}: {one['old']}, corrected on {one['date']} to {one['new']}"
        click.echo(f"{one['edition']}: {one['chart']}: {cell}")
    click.echo(f"kursk: old figures in charts: {len(found)}", err=True)


@command(main, "measure")
def measure(observer: str, folder: Path, out: Path | None, jobs: int | None) -> None:
    """Measure a map archive: FOLDER in the layout of the public archive, as rows of the table control."""
    require("map measurements", "control", "tqdm")
    from tqdm import tqdm

    from kurskdata.tables import measure as archives

    with tqdm(unit="snapshot", disable=None, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        measured = archives.measure(observer, folder, jobs=jobs, progress=progress)
    for name, reason in measured.skipped:
        click.echo(f"kursk: {name}: skipped, {reason}", err=True)
    if measured.rows.empty:
        raise BuildError(f"{folder}: nothing measured, none of {len(measured.skipped)} files can be read")
    hand_over(archives.csv_text(measured.rows), out)


@command(main, "export")
def export_chart(
    chart: str,
    out: Path,
    address: str | None,
    interactive: bool,
    archive: Path | None,
    observer: str,
    days: str | None,
    **parameters: str | None,
) -> None:
    """Write one chart for an article: settlements, settlements-campaign, locator, area, timeline, claims,
    record or control."""
    require("charts", "charts", "altair", "babel", "vl_convert")
    from kurskdata import disk, editions, embed
    from kurskdata.charts import by_name

    asked = days.split(",") if days else None
    spec = by_name.spec(chart, editions.edition(parameters), archive, observer=observer, days=asked)
    disk.make_folder(out, "output folder")
    embed.write(spec, out, address=address or "", interactive_view=interactive)
    for path in sorted(out.iterdir()):
        click.echo(path)


@command(main, "lab", context_settings={"ignore_unknown_options": True})
def lab(folder: Path | None, arguments: tuple[str, ...]) -> None:
    """Open JupyterLab on the notebooks; ARGUMENTS go to JupyterLab, such as --no-browser."""
    require("notebooks", "lab", "jupyterlab")
    from kurskdata.reports.edition.notebooks import workplace

    chosen = workplace(folder)
    click.echo(f"notebooks: {chosen}", err=True)
    sys.exit(subprocess.run([sys.executable, "-m", "jupyterlab", chosen, *arguments], check=False).returncode)


if __name__ == "__main__":
    main()
