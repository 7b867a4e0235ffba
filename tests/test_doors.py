"""What comes in by any door does no harm: a few inputs of each door that `tests/doors.py` makes, what the long runs of
`make trust` found, and what the code may not do at all."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import doors
import inert
import pytest
from doors import Case
from hypothesis import HealthCheck, Phase, given, settings

import kurskdata
from kurskdata.tables.descriptor import data_folder

SLOW = ("notebook", "manifest", "output", "environment", "texts")
SOME = [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in doors.DOORS]


@pytest.mark.parametrize("name", SOME)
def test_a_door_keeps_the_promise(name: str) -> None:
    @settings(
        max_examples=8, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(doors.DOORS[name])
    def once(case: Case) -> None:
        _, broken = doors.breaches(case)
        assert not broken, case

    once()


def without(table: str, start: bytes, *command: str) -> Case:
    """Own tables, in one of which the lines that begin so are gone."""
    lines = (data_folder() / f"{table}.csv").read_bytes().splitlines(keepends=True)
    left = b"".join(line for line in lines if not line.startswith(start))
    return Case([*command, "--data", "in/data"], {f"in/data/{table}.csv": left}, base="data", failing=True)


DEEP = b"[" * 20_000
"""JSON that no parser follows to its end."""

ARTICLE = "Kursk, 14 March 2025. Russia said that it retook 24 settlements "
EDITION = "out/2025-03-14-en-km2"
BUILT = ["build", "-n", "out/n.ipynb", "--as-of", "2025-03-13..2025-03-14", "-o", "out", "--check"]


def article(text: str) -> Case:
    return Case(["check", "in/a.txt", "-o", "out"], {"in/a.txt": text.encode()})


def damaged(name: str, content: bytes, *command: str) -> Case:
    """An edition of which somebody changed a file."""
    return Case(list(command) or BUILT, {f"{EDITION}/{name}": content}, base="built", failing=True)


TYPED = (data_folder() / "datapackage.json").read_bytes()
COMPARED = ("diff", "out/2025-03-13-en-km2", EDITION)
FINDS = {
    "more days than there are": article(f"{ARTICLE} in the last 99999999999 days."),
    "more years than there are": article(f"{ARTICLE} in the last 9999 years."),
    "more digits than a number has": article(f"{ARTICLE} and {'9' * 6000} sq km."),
    "a number of many words": article(f"{ARTICLE} and {'thousand ' * 300} sq km."),
    "a year of no calendar": article(f"{ARTICLE} on 31 December 9999 and 1 January 0001, by 1 May 0000."),
    "an article of the year 9999": article(
        "Kursk, 31 December 9999. Russia retook 24 settlements in five days."
    ),
    "no end of days": Case(
        ["check", "in/a.txt", "--tolerance-days", "9" * 20], {"in/a.txt": ARTICLE.encode()}
    ),
    "no end of memory": Case(["build", "--check", "-o", "out", "--memory", "9" * 20]),
    "no end of seconds": Case(["build", "--check", "-o", "out", "--timeout", "inf"]),
    "a deep notebook": Case(["build", "-n", "in/n.ipynb", "-o", "out"], {"in/n.ipynb": DEEP}),
    "a deep descriptor": Case(["data", "list", "--data", "in"], {"in/datapackage.json": DEEP}),
    "a descriptor of tables without columns": Case(
        ["data", "list", "--data", "in"],
        {
            "in/datapackage.json": b'{"version": "1", "temporalCoverage": "x", "resources": [{"name": "area"}]}'
        },
    ),
    "a Word document that is none": Case(["check", "in/a.docx"], {"in/a.docx": b"PK\3\4"}),
    "a folder of ours that is a file": Case(["build", "-o", "out"], {"out/.kursk": b""}),
    "an allowed value that is no text": Case(
        ["data", "validate", "--data", "in/data"],
        {"in/data/datapackage.json": re.sub(rb'"enum": \[', b'"enum": [[], ', TYPED)},
        base="data",
        failing=True,
    ),
    "corrections without their header": without("corrections", b"date,", "data", "diff"),
    "a place that is gone": without("places", b"2-y-knyazhy,", "export", "settlements", "-o", "out"),
    "a page that is gone": without("sources", b"112ua", "export", "area", "-o", "out"),
}
"""What broke the promise once."""
SLOW_FINDS = {
    "a deep manifest": damaged("manifest.json", DEEP),
    "a manifest of nothing": damaged("manifest.json", b'{"manifest": 1}'),
    "a manifest of names that are none": damaged("manifest.json", b"\xff\xfe"),
    "contents that are a list": damaged("edition.json", b"[]", *COMPARED),
    "contents of no edition": damaged("edition.json", b'{"name": "x", "parameters": {}}', *COMPARED),
    "a specification that is a text": damaged("charts/settlements/chart.vl.json", b'"x"', *COMPARED),
}


@pytest.mark.parametrize(
    "name", [*FINDS, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW_FINDS)]
)
def test_what_was_found_stays_mended(name: str) -> None:
    _, broken = doors.breaches({**FINDS, **SLOW_FINDS}[name])
    assert not broken


def test_the_watch_sees_what_it_should(tmp_path: Path) -> None:
    def elsewhere() -> None:
        (tmp_path / "x").write_text("outside")

    def caller() -> None:
        import socket

        with pytest.raises(OSError, match=r"refused|timed out|unreachable"):
            socket.create_connection(("127.0.0.1", 9), timeout=0.1)

    def beside() -> None:
        Path("stray").write_text("x")

    def inputs() -> None:
        Path("in/a").write_text("other")

    def sleeper() -> None:
        import time

        time.sleep(5)

    def fails() -> None:
        raise ZeroDivisionError

    for call, said in (
        (elsewhere, f"open {tmp_path / 'x'}"), (caller, "socket.connect ('127.0.0.1', 9)"), (beside, "written beside the output folder: stray"),
        (inputs, "an input was changed"), (sleeper, "not done in 1 s"), (fails, "ZeroDivisionError"),
    ):  # fmt: skip
        _, broken = doors.breaches(Case([], {"in/a": b"one"}, call=call), seconds=1)
        assert any(said in one for one in broken), (said, broken)


def test_what_would_do_something_is_seen(tmp_path: Path) -> None:
    pages = [
        "<script>alert(1)</script>", "<p onclick=1>", "<a href=' javascript:1'>", "<svg><a xlink:href='java&#10;script:1'/></svg>",
        "<base href='https://example.org'>", "<meta http-equiv=refresh content=1>", "<object data=x>", "<a href='data:text/html,1'>",
        '<script type="application/ld+json">{"a":</script>', "<iframe src='vbscript:1'>",
    ]  # fmt: skip
    assert all(map(inert.of_page, pages))
    assert not inert.of_page(
        "<p title='onclick=1'><a href='a/b.html#c'>x</a><img src='data:image/png;base64,x'>"
    )
    assert [
        len(inert.of_table(f"a,{cell}\n"))
        for cell in ("=1+1", "@x", "+x", "-x", '"\t=1"', "-1.5", "'=1", "a=1")
    ] == [1] * 5 + [0] * 3
    (tmp_path / "x.svg").write_text(pages[0])
    assert inert.faults(tmp_path)


PACKAGE = Path(kurskdata.__file__).parent


def called(place: Path) -> set[str]:
    """The names of functions that a module calls: ``eval``, ``pickle.load``."""
    tree = ast.parse(place.read_text("utf-8"))
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_nothing_from_a_disk_is_unpickled_and_no_text_is_run() -> None:
    """Only the processes of one build send each other pickles, over their own pipes."""
    unsafe = {
        "eval",
        "exec",
        "compile",
        "os.system",
        "os.popen",
        "yaml.load",
        "yaml.unsafe_load",
        "pd.read_pickle",
        "marshal.loads",
        "shelve.open",
        "builtins.eval",
    }
    pickles = {}
    for path in PACKAGE.rglob("*.py"):
        found = called(path)
        assert not found & unsafe, path
        if any(
            name.startswith(("pickle.load", "pickle.Unpickler", "joblib.", "dill.", "cloudpickle."))
            for name in found
        ):
            pickles[path.relative_to(PACKAGE).as_posix()] = sorted(
                name for name in found if name.startswith("pickle.load")
            )
    assert pickles == {"reports/run/workers.py": ["pickle.load", "pickle.loads"]}
    text = (PACKAGE / "reports/run/workers.py").read_text("utf-8")
    loads = [line.strip() for line in text.splitlines() if "pickle.load" in line]
    assert loads == [
        "return pickle.load(self._process.stdout)",
        "pickle.loads(answer)",
        "serve(lambda: pickle.load(sys.stdin.buffer), send)",
    ]


def test_the_shell_is_never_asked() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not (isinstance(node, ast.keyword) and node.arg == "shell"), path
