"""Every door by which something foreign comes in, with inputs that hypothesis makes; `tests/trust.py` tries them for
minutes, `tests/test_doors.py` a few of each.

Whatever comes in: the command does what it should or says in one message what is wrong, exit code 2 for a bad input and
1 for a build that failed; no traceback, nothing written outside the output folder, no call to another machine, and
HTML, SVG, CSV and JSON-LD that do nothing.
"""

from __future__ import annotations

import copy
import csv
import dataclasses
import functools
import importlib.util
import io
import json
import os
import shutil
import signal
import tempfile
import traceback
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import inert
import yaml
from click.testing import CliRunner
from hypothesis import strategies as st

import kurskdata as kd
from kurskdata.cli import main
from kurskdata.errors import InputError
from kurskdata.tables import descriptor

ROOT = Path(__file__).resolve().parents[1]
WATCH = Path(__file__).with_name("watch")
_hook = importlib.util.spec_from_file_location("watch", WATCH / "sitecustomize.py")
assert _hook
assert _hook.loader
_hook.loader.exec_module(
    importlib.util.module_from_spec(_hook)
)  # for this process; others take it from PYTHONPATH

NASTY = [
    "", " ", "\0", "\ufeff", "\u202e", "\u2028", "é" * 300, "9" * 400, "-", "-1", "0", "1e999", "nan", "inf", "1,000", "1.5", "٣", "½",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "</title><svg onload=alert(1)>",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>1</script>", "]]><script>1</script>", "</script><script>1",
    "=1+1", "+1", "@SUM(1)", "\t=1", "=HYPERLINK(\"https://example.org\")", "{{ 7*7 }}", "{% raw %}", "%s%n", "{0}", "$(id)", "`id`", "; id",
    "2025-02-30", "0001-01-01", "9999-12-31", "2025-03-14..2025-03-01", "2025-03-14", "14.03.2025", "3/4/2025", "2025-03-14T09:00",
    "../../up", "/dev/null", "a/b", "~", "CON", "own-1", "km2", "%", "86 %", "true", "null", "[", "{", "\\", "'", '"', ";", ",", "\r\n", "\n",
]  # fmt: skip
TEXT = st.one_of(st.sampled_from(NASTY), st.text(max_size=30))
WORDS = TEXT.filter(lambda text: "\0" not in text)  # the system hands no NUL to a command
JUNK = st.one_of(
    TEXT, st.none(), st.booleans(), st.integers(), st.floats(), st.just([]), st.just({}), st.just([[[]]]),
    st.lists(st.floats(-200, 200), max_size=4), st.dictionaries(TEXT, TEXT, max_size=2),
)  # fmt: skip
CHARTS = ["settlements", "settlements-campaign", "locator", "area", "timeline", "claims", "record"]


@dataclasses.dataclass
class Case:
    """One input: files of the folder that a command runs in, and its arguments; or a call in their place."""

    arguments: list[str]
    files: dict[str, bytes] = dataclasses.field(default_factory=dict)
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    call: Callable[[], object] | None = None
    base: str = ""
    failing: bool = False
    """Whether a failed build, exit code 1, is an answer too."""


def room(base: str = "") -> Path:
    """An empty folder to run in, with a copy of ``base`` in it."""
    place = Path(tempfile.gettempdir()).resolve() / f"kursk-doors-{os.getpid()}"
    shutil.rmtree(place, ignore_errors=True)
    (place / "in").mkdir(parents=True)
    (place / "temporary").mkdir()
    if base == "data":
        shutil.copytree(descriptor.data_folder(), place / "in" / "data")
    elif base == "built":
        shutil.copytree(built(), place / "out")
    return place


@functools.cache
def built() -> Path:
    """Two small editions as a build leaves them, to damage copies of."""
    import atexit

    from batches import build, notebook

    place = Path(tempfile.mkdtemp(prefix="kursk-built-")).resolve()
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    notebook(place / "n.ipynb", chart=True)
    done = build(
        "-n", place / "n.ipynb", "--as-of", "2025-03-13..2025-03-14", "-o", place / "out", TMPDIR=str(place)
    )
    assert done.returncode == 0, done.stderr
    shutil.move(place / "n.ipynb", place / "out" / "n.ipynb")
    return place / "out"


class _TooLongError(BaseException):
    """No `Exception`: nothing that is tried may catch it."""


def _state(place: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in place.rglob("*") if p.is_file() and not p.is_symlink()}


def breaches(case: Case, seconds: int = 120) -> tuple[int, list[str]]:
    """Runs a case; the exit code and what of the promise it broke."""
    place = room(case.base)
    for name, content in case.files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    before, log = _state(place / "in"), place / "breaches"
    environment = {
        "KURSKDATA_CACHE": "off", "PYTHONPATH": str(WATCH), "WATCH_LOG": str(log), "WATCH_ROOM": str(place),
        "TMPDIR": str(place / "temporary"), "KURSKDATA_DATA": "", **case.environment,
    }  # fmt: skip
    here = Path.cwd()
    late = signal.signal(signal.SIGALRM, _late)
    signal.alarm(seconds)
    try:
        os.chdir(place)
        with mock.patch.object(tempfile, "tempdir", str(place / "temporary")):
            code, said = _called(case, environment) if case.call else _commanded(case, environment)
    except _TooLongError:
        code, said = -1, [f"not done in {seconds} s"]
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, late)
        os.chdir(here)
    if log.is_file():
        said += sorted(set(log.read_text("utf-8").splitlines()))
    if _state(place / "in") != before:
        said.append("an input was changed")
    beside = {path.name for path in place.iterdir()} - {"in", "out", "temporary", "breaches"}
    said += [f"written beside the output folder: {name}" for name in sorted(beside)]
    if code == 0:
        said += inert.faults(place / "out")
    return code, said


def _late(*_: object) -> None:
    raise _TooLongError


def _called(case: Case, environment: dict[str, str]) -> tuple[int, list[str]]:
    assert case.call
    with mock.patch.dict(os.environ, environment):
        try:
            case.call()
        except InputError as fault:
            return 2, _unclear(f"kursk: {fault}\n")
        except Exception as fault:
            return 1, ["".join(traceback.format_exception(fault))]
    return 0, []


def _commanded(case: Case, environment: dict[str, str]) -> tuple[int, list[str]]:
    done = CliRunner().invoke(main, case.arguments, env=environment)
    fault = done.exception
    if fault and not isinstance(fault, SystemExit):
        if isinstance(fault, _TooLongError):
            raise fault
        return 1, ["".join(traceback.format_exception(fault))]
    said = ["Traceback"] if "Traceback (most recent" in done.stderr + done.stdout else []
    if done.exit_code == 2:
        return 2, [*said, *_unclear(done.stderr)]
    if done.exit_code not in (0, 1) or (done.exit_code == 1 and not case.failing):
        said.append(f"exit code {done.exit_code}: {done.stderr[:400]}")
    return done.exit_code, said


def _unclear(told: str) -> list[str]:
    """What is wrong with a message: it must say something, be short, and not be an error of Python's."""
    own = told.partition("kursk: ")[2] or told.partition("Error: ")[2] or told
    wrong = [] if len(own.strip()) > 8 else [f"says nothing: {told!r}"]
    if len(told) > 20_000:
        wrong.append(f"{len(told)} characters: {told[:200]}")
    return wrong


# What is made of an input that is right.


@st.composite
def damaged(draw: Any, content: bytes) -> bytes:
    """A file in which a few spans are gone, new or doubled."""
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, len(content))), draw(st.integers(0, 40))
        new = draw(st.one_of(TEXT.map(lambda text: text.encode("utf-8", "replace")), st.binary(max_size=8)))
        kind = draw(st.sampled_from(["delete", "insert", "replace", "double", "end"]))
        rest = b"" if kind == "end" else content[at if kind in ("insert", "double") else at + length :]
        middle = {"insert": new, "replace": new, "double": content[max(0, at - length) : at]}.get(kind, b"")
        content = content[:at] + middle + rest
    return content


@st.composite
def other_cells(draw: Any, content: bytes) -> bytes:
    """A table in which some cells, names of columns or rows are others."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    for _ in range(draw(st.integers(1, 4))):
        row = draw(st.integers(0, len(rows) - 1))
        column = draw(st.integers(0, max(len(rows[row]) - 1, 0)))
        kind = draw(st.sampled_from(["cell"] * 6 + ["row", "column", "drop", "shorter"]))
        if kind == "cell" and rows[row]:
            rows[row][column] = draw(TEXT)
        elif kind == "row":
            rows.append(list(rows[row]))
        elif kind == "column":
            rows = [[*one, one[column] if column < len(one) else ""] for one in rows]
        elif kind == "drop":
            rows = [one[:column] + one[column + 1 :] for one in rows]
        else:
            rows[row] = rows[row][:column]
    text = io.StringIO()
    csv.writer(text, delimiter=draw(st.sampled_from(",,,;\t")), lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, one in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from _places(one, (*path, key))


@st.composite
def other_json(draw: Any, content: bytes) -> bytes:
    """A JSON file in which some values are others, or gone."""
    value = json.loads(content)
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(st.sampled_from(list(_places(value))[1:] or [("",)]))
        inner = functools.reduce(lambda one, key: one[key], above, value)
        if last == "":
            return b"{}"
        if draw(st.booleans()):
            inner[last] = copy.deepcopy(draw(JUNK))
        else:
            del inner[last]
    return json.dumps(value).encode()


def broken(content: bytes, well: Callable[[bytes], st.SearchStrategy[bytes]]) -> st.SearchStrategy[bytes]:
    """A file that is damaged, or well-formed with other contents, which gets further; or something else altogether."""
    return st.one_of(
        well(content),
        well(content),
        well(content),
        damaged(content),
        st.binary(max_size=60),
        st.just(b"[" * 20000),
    )


def _file(name: str) -> bytes:
    return (descriptor.data_folder() / name).read_bytes()


# The doors.


@st.composite
def rows(draw: Any) -> Case:
    """Tables of one's own: any command that reads them."""
    name = draw(
        st.sampled_from([*(f"{one}.csv" for one in descriptor.names()), "datapackage.json", "released.json"])
    )
    content = draw(broken(_file(name), other_json if name.endswith("json") else other_cells))
    chart = draw(st.sampled_from(CHARTS))
    commands = [["export", chart, "-o", "out"]] * 3 + [
        ["data", "validate"], ["data", "list"], ["data", "describe", "area"], ["data", "export", "--format", "csv", "-o", "out"],
        ["data", "export", "--format", "sqlite", "-o", "out"], ["data", "diff"], ["check", "in/data/examples/article.txt", "-o", "out"],
    ]  # fmt: skip
    command = draw(st.sampled_from(commands))
    return Case(
        [*command, "--data", "in/data"],
        {f"in/data/{name}": content},
        base="data",
        failing=command[:2] == ["data", "diff"],
    )


def _docx(text: str) -> bytes:
    import docx

    document, kept = docx.Document(), io.BytesIO()
    for part in text.split("\n\n"):
        document.add_paragraph(part)
    document.save(kept)
    return kept.getvalue()


@st.composite
def _other_docx(draw: Any, content: bytes) -> bytes:
    """A Word document with one damaged part."""
    parts = zipfile.ZipFile(io.BytesIO(content))
    which, made = draw(st.sampled_from(parts.namelist())), io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        for name in parts.namelist():
            written.writestr(name, draw(damaged(parts.read(name))) if name == which else parts.read(name))
    return made.getvalue()


@st.composite
def article(draw: Any) -> Case:
    """Articles: text, Markdown, saved pages, Word."""
    passages = sorted((ROOT / "tests" / "passages").glob("??.txt"))
    source = draw(st.sampled_from([ROOT / "data" / "examples" / "article.txt", *passages]))
    text = source.read_text("utf-8")[:6000]
    form = draw(st.sampled_from(["txt", "md", "html", "docx"]))
    if form == "docx":
        content = draw(st.one_of(_other_docx(_docx(text)), damaged(_docx(text))))
    else:
        page = f"<html><head><title>T</title></head><body><article><p>{text}</p></article></body></html>"
        content = draw(broken((page if form == "html" else text).encode(), damaged))
    out = draw(
        st.sampled_from(
            [["-o", "out"], ["-o", "out/a.html"], ["--format", "json"], ["--format", "csv"], ["--full"]]
        )
    )
    language = draw(st.sampled_from(["en", "uk", "ru", "de"]))
    return Case(
        ["check", f"in/article.{form}", *out, "--language", language], {f"in/article.{form}": content}
    )


@st.composite
def claims(draw: Any) -> Case:
    """Claims of one's own, as CSV."""
    content = draw(broken(_file("examples/second-article.csv"), other_cells))
    more = draw(
        st.sampled_from(
            [[], [], ["--base-km2", draw(WORDS)], ["--tolerance-days", draw(WORDS)], ["--as-of", draw(WORDS)]]
        )
    )
    out = draw(st.sampled_from([["-o", "out"], ["-o", "out/a.csv"], ["--format", "json"], ["--full"]]))
    return Case(["check", "in/claims.csv", *out, *more], {"in/claims.csv": content})


def _ring(lon: float, lat: float, *, turned: bool) -> list[list[float]]:
    corners = [(lon, lat), (lon + 0.2, lat), (lon + 0.2, lat + 0.2), (lon, lat + 0.2), (lon, lat)]
    return [[y, x] if turned else [x, y] for x, y in corners]


def _snapshots(observer: str) -> dict[str, bytes]:
    """Six days of an archive, each with a square near Sudzha."""
    found = {}
    for number in range(6):
        west = 35.0 + number / 50
        if observer == "owlmaps":
            content: Any = {"areas_ua": [_ring(west, 51.1, turned=True)], "areas": []}
            found[f"in/archive/202408{20 + number}.json"] = json.dumps(content).encode()
        else:
            properties = {"fill": "#01579b", "name": "held"}
            shape = {"type": "Polygon", "coordinates": [_ring(west, 51.1, turned=False)]}
            feature = {"type": "Feature", "properties": properties, "geometry": shape}
            content = {"type": "FeatureCollection", "features": [feature]}
            found[f"in/archive/{1724150000 + 86400 * number}.geojson"] = json.dumps(content).encode()
    return found


@st.composite
def archive(draw: Any) -> Case:
    """Archives of maps, whose geometry is drawn and measured."""
    observer = draw(st.sampled_from(["owlmaps", "deepstate"]))
    files = _snapshots(observer)
    for name in draw(st.lists(st.sampled_from(sorted(files)), min_size=1, max_size=6, unique=True)):
        files[name] = draw(broken(files[name], other_json))
    days = draw(
        st.sampled_from(
            [[], [], ["--days", "2024-08-20,2024-08-21,2024-08-22,2024-08-23"], ["--days", draw(WORDS)]]
        )
    )
    commands = [
        ["measure", observer, "in/archive", "-j", "1"],
        ["export", "control", "-o", "out", "--archive", "in/archive", "--observer", observer, *days],
    ]
    command = draw(st.sampled_from(commands))
    return Case(command, files, failing=command[0] == "measure")


@st.composite
def notebook(draw: Any) -> Case:
    """Notebooks: of any form, and with cells that fail."""
    source = (built() / "n.ipynb").read_bytes()
    made = json.loads(source)
    cells = ["1/0", "raise SystemExit(3)", "print('<script>alert(1)</script>')", "%%bash\nexit 3", "(", "import nothing_of_this_name", "input()",
             "from IPython.display import HTML\nHTML('<script>alert(1)</script><a href=\"javascript:1\" onclick=1>x</a>')"]  # fmt: skip
    made["cells"].append(
        {
            "cell_type": "code",
            "id": "x",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": draw(st.sampled_from(cells)),
        }
    )
    content = draw(st.one_of(st.just(json.dumps(made).encode()), broken(source, other_json)))
    return Case(
        ["build", "-n", "in/n.ipynb", "-o", "out", "--timeout", "20"], {"in/n.ipynb": content}, failing=True
    )


@st.composite
def parameters(draw: Any) -> Case:
    """Parameters: options, -p, and values as YAML gives them to a notebook."""
    names = ["as_of", "start", "end", "units", "language", "theme"]
    if draw(st.booleans()):
        given = {
            draw(st.one_of(st.sampled_from(names), TEXT)): draw(JUNK) for _ in range(draw(st.integers(1, 3)))
        }
        written = yaml.safe_dump(given, allow_unicode=True)
        return Case([], call=lambda: kd.edition(yaml.safe_load(written)))
    options = [
        "--as-of",
        "--start",
        "--end",
        "--units",
        "--language",
        "--theme",
        "--days",
        "--observer",
        draw(WORDS),
    ]
    given = [
        word for _ in range(draw(st.integers(1, 3))) for word in (draw(st.sampled_from(options)), draw(WORDS))
    ]
    pairs = [
        word
        for _ in range(draw(st.integers(1, 3)))
        for word in ("-p", f"{draw(st.sampled_from([*names, 'x']))}={draw(WORDS)}")
    ]
    more = draw(
        st.sampled_from(
            [
                ["--shard", draw(WORDS)],
                ["--memory", draw(WORDS)],
                ["--timeout", draw(WORDS)],
                ["-n", draw(WORDS)],
                [],
            ]
        )
    )
    commands = [["export", draw(st.sampled_from([*CHARTS, "control"])), "-o", "out", *given], ["build", "--check", "-o", "out", *pairs, *more],
                ["data", "describe", draw(WORDS)], ["data", "diff", draw(WORDS)], ["why", draw(WORDS)], ["export", draw(WORDS), "-o", "out"]]  # fmt: skip
    command = draw(st.sampled_from(commands).filter(lambda one: not {"-h", "--help"} & set(one)))
    return Case(command, failing="--check" in command or command[:2] == ["data", "diff"])


@st.composite
def manifest(draw: Any) -> Case:
    """An output folder whose files somebody damaged."""
    files = [
        p.relative_to(built()).as_posix()
        for p in sorted(built().rglob("*"))
        if p.is_file() and p.name != "n.ipynb"
    ]
    telling = [
        name
        for name in files
        if name.endswith(("manifest.json", "edition.json")) or name.startswith(".kursk/")
    ]
    changed = {}
    for name in draw(st.lists(st.sampled_from(telling * 4 + files), min_size=1, max_size=3, unique=True)):
        content = (built() / name).read_bytes()
        changed[f"out/{name}"] = draw(broken(content, other_json if name.endswith(".json") else damaged))
    build = ["build", "-n", "out/n.ipynb", "--as-of", "2025-03-13..2025-03-14"]
    commands = [[*build, "-o", "out", "--check"]] * 3 + [["diff", str(built()), "out"]] * 3 + [
        ["diff", str(built()), "out", "-o", "out/changes"], ["why", "24", "out"], [*build, "-o", "out"], [*build, "--verify", "out"],
    ]  # fmt: skip
    return Case(draw(st.sampled_from(commands)), changed, base="built", failing=True)


@st.composite
def output(draw: Any) -> Case:
    """Where the output goes: names, files in the way, folders that are full of something else."""
    part = WORDS.filter(lambda text: text not in (".", "..")).map(lambda text: text.replace("/", "_"))
    name = "/".join(["out", *draw(st.lists(part, max_size=3))])
    files = {}
    if draw(st.booleans()):
        blocks = ["out", "out/index.html/x", "out/.kursk", "out/.kursk/lock/x", "out/chart.svg/x", "out/2025-03-14-en-km2", "out/check.html/x", "out/data/x",
                  "out/.kursk/process/x", "out/.kursk/index/x", "out/2025-03-14-en-km2/manifest.json/x", "out/.2025-03-14-en-km2.part", "out/area.csv/x"]  # fmt: skip
        files, name = {draw(st.sampled_from(blocks)): b"in the way"}, "out"
    commands = [["export", "settlements", "-o", name], ["check", "in/a.txt", "-o", name], ["data", "copy", name], ["data", "export", "--format", "csv", "-o", name],
                ["data", "export", "--format", "sqlite", "-o", name], ["build", "-o", name, "--check"], ["measure", "owlmaps", "in/archive", "-j", "1", "-o", name],
                ["build", "-n", "in/n.ipynb", "-o", name], ["diff", str(built()), str(built()), "-o", name], ["diff", name, str(built())]]  # fmt: skip
    inputs = {
        "in/a.txt": _file("examples/article.txt"),
        "in/n.ipynb": (built() / "n.ipynb").read_bytes(),
        **_snapshots("owlmaps"),
    }
    return Case(draw(st.sampled_from(commands)), {**inputs, **files}, failing=True)


@st.composite
def address(draw: Any) -> Case:
    """Addresses under which a folder will be published."""
    start = draw(
        st.sampled_from(["https://", "http://", "//", "javascript:", "", "https://example.org/", "ftp://"])
    )
    asked = (
        start + draw(WORDS) + draw(st.sampled_from(["", "/", "/charts", "?a=1", "#b", '"onload="alert(1)']))
    )
    return Case(
        ["export", draw(st.sampled_from(["settlements", "timeline"])), "-o", "out", "--address", asked]
    )


@st.composite
def environment(draw: Any) -> Case:
    """Variables of the environment."""
    names = ["KURSKDATA_DATA", "KURSKDATA_SVG", "SOURCE_DATE_EPOCH", "COLUMNS", "LANG", "LC_ALL", "TERM", "NO_COLOR", "PYTHONIOENCODING", "CI",
             "KURSKDATA_BUILD", "XDG_CACHE_HOME", "TZ", "MPLBACKEND"]  # fmt: skip
    given = {
        name: draw(WORDS)
        for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    }
    given = {name: value.encode("utf-8", "replace").decode() for name, value in given.items()}
    if draw(st.booleans()):
        given["KURSKDATA_CACHE"] = draw(
            st.sampled_from(["out/cache", "in/file", "out/a/b/c", "off", "out/\udcff"])
        )
    commands = [["data", "list"], ["export", "settlements", "-o", "out"], ["check", "in/a.txt", "-o", "out"], ["build", "--check", "-o", "out"],
                ["build", "-n", "in/n.ipynb", "-o", "out"], ["data", "copy", "out"]]  # fmt: skip
    inputs = {
        "in/a.txt": _file("examples/article.txt"),
        "in/n.ipynb": (built() / "n.ipynb").read_bytes(),
        "in/file": b"x",
    }
    return Case(draw(st.sampled_from(commands)), inputs, given, failing=True)


@st.composite
def texts(draw: Any) -> Case:
    """Valid rows of one's own whose texts would do something in a page or a spreadsheet."""
    hostile = st.sampled_from(
        [text for text in NASTY if any(sign in text for sign in "<>='\"@`{") and len(text) > 1]
    )
    page, row = draw(hostile), {name: draw(hostile) for name in ("claimant", "quote", "note")}
    source = {"source_id": "own-s", "publisher": page, "title": draw(hostile), "published": "2025-03-13", "date_basis": "shown", "language": "en",
              "url": draw(st.sampled_from(["https://example.org/'onclick='1", "https://example.org/<script>", 'https://example.org/"onload="', "javascript:alert(1)"])), "kind": "newspaper"}  # fmt: skip
    claim = {"claim_id": "own-c", "side": "independent", "reported": "2025-03-13", "as_of": "2025-03-13", "measure": "area_held", "value": "120", "unit": "km2",
             "qualifier": "about", "source_ids": "own-s", **row}  # fmt: skip
    event = {"event_id": "own-e", "date": "2025-03-10", "reported": "2025-03-10", "side": "Ukraine", "importance": "1", "source_ids": "own-s", "label": page, "title": page,
             "event": page, **row}  # fmt: skip
    files = {
        f"in/data/{name}.csv": _with_row(name, one)
        for name, one in (("sources", source), ("area", claim), ("timeline", event))
    }
    command = draw(st.sampled_from([["export", "area", "-o", "out"], ["export", "timeline", "-o", "out"], ["export", "record", "-o", "out"], ["check", "in/data/examples/article.txt", "-o", "out"],
                                    ["data", "export", "--format", "csv", "-o", "out"], ["build", "-o", "out"], ["build", "-n", "timeline", "-o", "out"]]))  # fmt: skip
    return Case([*command, "--data", "in/data"], files, base="data", failing=True)


def _with_row(table: str, row: dict[str, str]) -> bytes:
    text = _file(f"{table}.csv").decode()
    header = next(csv.reader(io.StringIO(text)))
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow([row.get(name, "") for name in header])
    return (text + written.getvalue()).encode()


DOORS: dict[str, st.SearchStrategy[Case]] = {
    make.__name__: make()
    for make in (rows, article, claims, archive, notebook, parameters, manifest, output, address, environment, texts)
}  # fmt: skip


def signature(breach: str) -> str:
    """What makes one breach the same as another: where in the package an error rose, and its kind."""
    lines = breach.strip().splitlines()
    own = [line.strip() for line in lines if "kurskdata/" in line and line.strip().startswith("File")]
    return f"{lines[-1].split(':')[0]} {own[-1]}" if own else breach[:100]
