"""What a page shows of the outputs of a notebook of one's own, whatever they are, and how long that takes."""

from __future__ import annotations

import base64
import html
import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
import processes
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from kurskdata.editions import PARAMETERS, Edition
from kurskdata.reports.edition import notebooks, page
from kurskdata.reports.run import fork_client
from kurskdata.words.language import Words

EN = Words("en")
PICTURE = base64.b64encode(b"a picture").decode()


def displayed(metadata: dict[str, Any] | None = None, **data: Any) -> Any:
    kinds = {name.replace("__", "+").replace("_", "/", 1): content for name, content in data.items()}
    return new_output("display_data", data=kinds, metadata=metadata or {})


def shown(metadata: dict[str, Any] | None = None, **data: Any) -> str:
    return page.output_html(displayed(metadata, **data), "key", EN)


def body(*cells: Any, language: str = "en") -> str:
    """The page of a notebook, between the tags of its main element."""
    notebook = notebooks.tidy(new_notebook(cells=list(cells)))
    text = page.page(notebook, Edition(language=language), "n.ipynb", "0", [], "")
    return text.split("<main>")[1].split("</main>")[0]


def cell(*given: Any, source: str = "", **metadata: Any) -> Any:
    return new_code_cell(source, outputs=list(given), metadata=metadata)


def stream(text: str, name: str = "stdout") -> Any:
    return new_output("stream", name=name, text=text)


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp"])
def test_a_picture_stands_in_the_page_with_its_text(kind: str) -> None:
    found = shown(**{f"image_{kind}": PICTURE[:5] + "\n" + PICTURE[5:], "text_plain": "Rain per day"})
    assert found == f'<figure><img src="data:image/{kind};base64,{PICTURE}" alt="Rain per day"></figure>'


def test_the_name_of_an_object_is_no_text_for_a_picture() -> None:
    assert 'alt="Picture"' in shown(image_png=PICTURE, text_plain="<Figure size 640x480 with 1 Axes>")
    given = {"image/png": {"alt": 'The "bend"', "width": 320, "height": 200.0}}
    found = shown(given, image_png=PICTURE, text_plain="<Image>")
    assert 'alt="The &#34;bend&#34;" width="320" height="200"' in found


def test_formulas_json_and_markdown_have_a_form_of_their_own() -> None:
    assert shown(text_latex=r"$\frac{a}{b}$ <", text_plain="<Latex>") == (
        '<pre tabindex="0">$\\frac{a}{b}$ &lt;</pre>'
    )
    found = shown(application_json={"a": ["Ж", 1]}, text_plain="<JSON object>")
    assert html.unescape(found) == '<pre tabindex="0">{\n "a": [\n  "Ж",\n  1\n ]\n}</pre>'
    assert shown(text_markdown="*so* <script>x</script>", text_plain="") == "<p><em>so</em> </p>\n"


def test_html_keeps_its_look_and_loses_what_runs_or_loads() -> None:
    look = '<b style="color:red" class="a">x</b><svg viewBox="0 0 9 9"><linearGradient id="g"></linearGradient></svg>'
    bad = '<b onclick="go()">y</b><a href="javascript:go()">z</a><form action="/x"></form></div></main><!-- open'
    found = shown(text_html=look + bad)
    assert look in found
    assert not re.search(r"onclick|javascript:|<form|</main>|<!--", found)
    assert found.count("<div") == found.count("</div>")


def test_a_program_leaves_its_picture_or_a_word_where_it_has_none() -> None:
    program = "<div id='p'></div><script>Plotly.newPlot('p')</script>"
    assert shown(text_html=program, image_png=PICTURE).startswith("<figure><img")
    assert "This output is interactive" in shown(text_html=program, text_plain="Figure()")
    assert "This output is interactive" in shown(text_html='<iframe srcdoc="<b>map</b>"></iframe>')
    assert "<td>1</td>" in shown(text_html="<table><tr><td>1</td></tr></table><script>sort()</script>")
    assert (
        shown(**{"application_vnd.jupyter.widget-view__json": {"model_id": "a"}, "text_plain": "0%|"}) == ""
    )
    assert shown(application_javascript="alert(1)", text_plain="<Javascript object>") == ""


def test_the_page_itself_forbids_what_could_run_or_load() -> None:
    text = page.page(new_notebook(), Edition(), "n.ipynb", "0", [], "")
    assert "content=\"default-src 'none';style-src 'unsafe-inline';img-src data:;" in text


def test_streams_have_neither_colours_nor_controls_and_warnings_stay_out() -> None:
    text = "\x1b[1;31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07 \x00\x07\x85tab\tline\n"
    found = body(cell(stream(text), stream("/opt/x.py:1: UserWarning: careful", "stderr")))
    assert "red link tab\tline\n" in found
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]|careful|/opt", found)


def test_an_error_that_may_happen_is_one_line() -> None:
    error = new_output("error", ename="ValueError", evalue="\x1b[31mno <", traceback=["long"])
    assert '<pre tabindex="0">ValueError: no &lt;</pre>' in body(cell(error))


def test_pasted_pictures_show() -> None:
    attachments = {"a b.png": {"image/png": PICTURE}}
    text = "![A map](attachment:a%20b.png)\n\n![none](attachment:gone.png)\n\n<img src='attachment:a b.png' alt='x'>"
    found = body(new_markdown_cell(text, attachments=attachments))
    assert found.count(f'src="data:image/png;base64,{PICTURE}"') == 2
    assert 'alt="A map"' in found
    assert "attachment:" not in found


MARKS = [
    *[({"tags": [tag]}, "", True, "gone") for tag in ("remove-cell", "remove_cell", "hide", "Remove-Cell")],
    *[({"tags": [tag]}, "", True, "outputs gone") for tag in ("remove-output", "remove_output")],
    *[({"tags": [tag]}, "", False, "as ever") for tag in ("remove-input", "hide_input", "own")],
    *[({"tags": [tag]}, "", False, "folded") for tag in ("hide-output", "hide_output", "hide-cell")],
    ({"jupyter": {"outputs_hidden": True}}, "", False, "folded"),
    ({"jupyter": {"source_hidden": True}}, "", False, "as ever"),
    ({"nbsphinx": "hidden"}, "", True, "gone"),
    ({}, "#| label: a\n#| include: false\n1", True, "gone"),
    ({}, "#| output: false\n1", True, "outputs gone"),
    ({}, "#| output: true\n1\n#| include: false", False, "as ever"),
]


@pytest.mark.parametrize(("metadata", "source", "out", "_name"), MARKS)
def test_a_cell_is_removed_or_folded_as_its_tags_ask(
    metadata: dict[str, Any], source: str, out: bool, _name: str
) -> None:
    found = body(cell(stream("the words"), source=source, **metadata))
    assert ("the words" in found) is not out
    assert ("<details><summary>Show the output</summary>" in found) is (_name == "folded")


def test_tags_hold_for_text_cells_and_titles() -> None:
    removed = new_markdown_cell("# Draft", metadata={"tags": ["remove-cell"]})
    folded = new_markdown_cell("Long note", metadata={"tags": ["hide-cell"]})
    found = body(removed, new_markdown_cell("# True"), folded, language="de")
    assert "Draft" not in found
    assert "<details><summary>Ausgabe zeigen</summary>\n<p>Long note</p>" in found
    assert page.title(new_notebook(cells=[removed, new_markdown_cell("# True")])) == "True"


def test_streams_are_joined_and_progress_is_overwritten() -> None:
    given = [
        stream("a\n"),
        stream("w", "stderr"),
        stream("10%\r20%\r"),
        displayed(text_plain="x"),
        stream("30%\nend\r\n"),
    ]
    joined = notebooks.joined(new_notebook(cells=[cell(*given)])).cells[0].outputs
    assert [output.get("text") for output in joined] == ["a\n30%\nend\r\n", "w", None]
    late = [stream("w", "stderr"), stream("o"), displayed(text_plain="x")]
    joined = notebooks.joined(new_notebook(cells=[cell(*late)])).cells[0].outputs
    assert [output.get("name") for output in joined] == ["stdout", "stderr", None]


LONG = {
    "a line": "x" * 3_000_000,
    "words": "ab " * 1_000_000,
    "folders": "/" * 1_000_000 + "a/" * 1_000_000,
    "quotes": "\"'" * 1_000_000,
    "codes": "\x1b[" * 1_000_000 + "\x1b[0;0;" * 300_000,
    "returns": "\r" * 1_000_000 + "a\r" * 500_000 + "\n",
    "lines": ("y" * 79 + "\n") * 60_000,
    "kernels": "ipykernel_" * 300_000 + "ipykernel_1" * 300_000,
    "modules": "a.py" * 700_000,
    "html": "<b>" * 1000 + "<" * 1_000_000,
}


@pytest.mark.parametrize("name", LONG)
def test_time_grows_with_the_size_of_an_output_and_no_faster(name: str) -> None:
    """Seconds for millions of characters; what grows with the square of a line would take hours."""
    text, begun = LONG[name], time.process_time()
    stop = new_output("error", ename="E", evalue=text, traceback=[text])
    notebook = new_notebook(cells=[cell(stream(text), displayed(text_html=text, text_plain=text), stop)])
    notebook = notebooks.tidy(notebooks.joined(notebook), "/some/folder")
    assert len(page.page(notebook, Edition(), "n.ipynb", "0", [], "")) > 1000
    assert time.process_time() - begun < 20


def test_nothing_of_the_machine_is_kept() -> None:
    place = f"{notebooks.__file__}:5 at 0x7f00aabbcc00"
    texts = [
        place,
        f"{Path.home()}/notes.txt",
        "/own/here/own.csv and /own/here",
        "https://a.org/own/here/x",
    ]
    expected = ["kurskdata/reports/edition/notebooks.py:5 at 0x0", "~/notes.txt", "own.csv and .", texts[3]]
    assert [notebooks.without_places(text, "/own/here") for text in texts] == expected
    coloured = f"\x1b[32m{Path.home()}/a.py\x1b[39m"
    assert notebooks.without_places(coloured) == "\x1b[32m~/a.py\x1b[39m"


def test_a_styled_table_has_the_same_ids_in_every_run() -> None:
    import pandas as pd

    def found() -> Any:
        tables = [pd.DataFrame({"a": [1, 2]}).style.map(lambda _: "color:red").to_html() for _ in range(2)]
        cells = [cell(displayed(text_html="".join(tables))), cell(displayed(text_html="T_abcde is no id"))]
        for number, one in enumerate(cells):
            one["id"] = f"c{number}"
        return [c.outputs[0].data["text/html"] for c in notebooks.tidy(new_notebook(cells=cells)).cells]

    one, other = found(), found()
    assert one == other
    assert one[1] == "T_abcde is no id"
    assert "#T_c0-0-0_row0_col0" in one[0]
    assert 'id="T_c0-0-1_row0_col0"' in one[0]


NAME = "note #1 & 50% ‘ok’ “Курск” 'a'?"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of a notebook of one's own, with a name that an address cannot hold as it is."""
    folder = tmp_path_factory.mktemp("own")
    given = "\n".join(f'{name}: str = ""' for name in PARAMETERS)
    sources = [
        "import warnings, sys\nwarnings.warn('mind this')\nprint('x' * 300_000)\nfor i in range(60_000): print('y' * 79)",
        "import kurskdata as kd\nkd.display.enable()\nday = as_of\n"
        "from kurskdata import charts\ncharts.settlements(kd.settlements_per_day(as_of=day), kd.edition(as_of=day))",
        "first = display('first', display_id=True)\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')\n"
        "second = display('second', display_id=True)",
        "first.update('first again'); second.update('second again')",
        "from IPython.display import clear_output\nprint('gone'); clear_output(); print('stays')",
        "import pandas as pd, os\nprint(os.getcwd(), pd.__file__)\npd.DataFrame({'a': [1]}).style",
    ]
    may_raise = new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]})
    cells = [new_code_cell(given, metadata={"tags": ["parameters"]}), *map(new_code_cell, sources), may_raise]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    own = new_notebook(cells=[*cells, new_markdown_cell("The end")], metadata={"kernelspec": kernel})
    nbformat.write(own, folder / f"{NAME}.ipynb")
    for engine in ("kursk", "ipykernel"):
        done = processes.kursk(
            "build", "-n", f"{NAME}.ipynb", "-o", engine, "--engine", engine, "--timeout", "60", cwd=folder
        )
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not fork_client.AVAILABLE, reason="needs fork")
def test_both_engines_give_the_same_page_and_notebook(built: Path) -> None:
    for suffix in ("html", "ipynb"):
        one, other = (
            (built / engine / Edition().name / f"{NAME}.{suffix}").read_text("utf-8")
            for engine in ("kursk", "ipykernel")
        )
        assert one == other
    text = (built / "kursk" / Edition().name / f"{NAME}.html").read_text("utf-8")
    for words in ("first again", "second again", "stays", "ZeroDivisionError: division by zero", "The end"):
        assert words in text
    assert not re.search(r"mind this|gone|first&|<pre[^>]*>b\n", text)
    assert str(built) not in text
    assert str(Path.home()) not in text


@pytest.mark.slow
@pytest.mark.skipif(not fork_client.AVAILABLE, reason="needs fork")
def test_every_link_of_a_build_leads_to_a_file(built: Path) -> None:
    followed = 0
    out = built / "kursk"
    for path in out.rglob("*.html"):
        if path.name == "snippet.html":
            continue
        for address in re.findall(r'\s(?:href|src)="([^"$(]+)"', path.read_text("utf-8")):
            if not re.match(r"https?:|data:|#|ADDRESS", address):
                target = unquote(html.unescape(address).partition("#")[0].partition("?")[0])
                assert (path.parent / target).exists(), (path, address)
                followed += 1
    assert followed >= 20
    crate = json.loads((out / "ro-crate-metadata.json").read_bytes())
    files = [
        e["@id"] for e in crate["@graph"] if e["@type"] == "File" and not e["@id"].startswith("ro-crate")
    ]
    assert len(files) > 2
    assert all("#" not in name and (out / unquote(name)).is_file() for name in files)


@pytest.mark.slow
def test_nbval_runs_the_cells_of_a_notebook_in_their_order(tmp_path: Path) -> None:
    cells = [
        new_code_cell("a = [0]"),
        *[new_code_cell(f"a.append(len(a)); assert a[-1] == {n}; a") for n in range(1, 9)],
    ]
    for number, one in enumerate(cells[1:], 1):
        text = repr(list(range(number + 1)))
        one["execution_count"] = number + 1
        one["outputs"] = [new_output("execute_result", data={"text/plain": text}, execution_count=number + 1)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), tmp_path / "own.ipynb")
    done = processes.python("-m", "pytest", "--nbval", "own.ipynb", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "9 passed" in done.stdout
