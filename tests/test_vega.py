"""The drawing engine: what it draws, what it refuses, and that pictures need no font of the machine."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import processes
import pytest
import usual_renderer
from PIL import Image, ImageChops, ImageFont, ImageOps

from kurskdata import embed
from kurskdata.charts import by_name
from kurskdata.drawing import cache, letters, svg, vega_engine
from kurskdata.drawing.fonts import FONTS
from kurskdata.drawing.png import pixels_of
from kurskdata.drawing.svg import render_svg
from kurskdata.editions import edition
from kurskdata.errors import BuildError
from kurskdata.words.language import LANGUAGES

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


EVERY_CHART_AND_LANGUAGE = [
    *((name, LANGUAGES[n % len(LANGUAGES)]) for n, name in enumerate(by_name.names())),
    *(
        ("area", language)
        for language in LANGUAGES
        if by_name.names().index("area") % len(LANGUAGES) != LANGUAGES.index(language)
    ),
]
"""Every chart in one language and one chart in every language: the engine draws marks and texts, whatever they say."""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "language"), EVERY_CHART_AND_LANGUAGE)
def test_charts_are_those_of_the_usual_renderer(name: str, language: str) -> None:
    """The same libraries in another engine: the same marks and texts, at the same places but for the kerning of the
    widest text, which only the other one counts."""
    source = svg._source(by_name.spec(name, edition(language=language)))
    usual, ours = usual_renderer.svg(source), vega_engine.svg(source)
    assert NUMBER.sub("#", ours) == NUMBER.sub("#", usual)
    pairs = zip(map(float, NUMBER.findall(ours)), map(float, NUMBER.findall(usual)), strict=True)
    assert max(abs(a - b) for a, b in pairs) < 4


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"mark": "nonsense"}, "TypeError"),
        ({"mark": "bar", "data": {"url": "https://example.org/rows.csv"}}, "its rows must stand in it"),
        ({"mark": "bar", "data": {"url": "rows.csv"}}, "its rows must stand in it"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line(spec: dict[str, Any], said: str) -> None:
    with pytest.raises(BuildError, match=said) as raised:
        vega_engine.svg(json.dumps(spec))
    assert len(str(raised.value)) < 200
    assert "\n" not in str(raised.value)


def test_a_fault_leaves_the_engine_usable() -> None:
    with pytest.raises(BuildError):
        vega_engine.svg('{"mark": "nonsense"}')
    assert vega_engine.svg('{"mark": "point", "data": {"values": [{}]}}').startswith("<svg")


def test_the_engine_outlives_the_loop_that_it_was_started_in() -> None:
    code = """
import asyncio
from kurskdata.drawing import vega_engine as vega
async def draw(): return vega.svg('{"mark": "point", "data": {"values": [{}]}}')
print(asyncio.run(draw()) == asyncio.run(draw()) == vega.svg('{"mark": "point", "data": {"values": [{}]}}'))
"""
    done = processes.python("-c", code, timeout=60)
    assert done.stdout == "True\n", done.stderr


def test_libraries_in_a_form_not_known_are_an_error_that_names_the_version() -> None:
    code = """
from kurskdata.drawing import vega_engine
vega_engine.script = lambda: "var nothing = 0"
vega_engine.svg('{"mark": "point", "data": {"values": [{}]}}')
"""
    done = processes.python("-c", code)
    said = (
        f"BuildError: the Vega libraries were not found in vl-convert {version('vl-convert-python')}; install"
    )
    assert said in done.stderr


@pytest.mark.parametrize("bold", [False, True])
def test_letters_are_as_wide_as_in_the_font(bold: bool) -> None:
    name = "LiberationSans-Bold.ttf" if bold else "LiberationSans-Regular.ttf"
    font = ImageFont.truetype(str(FONTS / name), 2048, layout_engine=ImageFont.Layout.BASIC)
    widths = letters.widths(bold=bold)
    for letter in "AWijm.,0123456789 ЖщїєґÄöß–’²":
        assert widths[letter] == pytest.approx(font.getlength(letter) / 2048, abs=0.001), letter


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", by_name.names())
def test_pictures_ask_the_machine_for_no_font(name: str, language: str) -> None:
    drawing = letters.outlined(render_svg(by_name.spec(name, edition(language=language))))
    assert "<text" not in drawing
    assert drawing.count("<path") > 10


def test_outlines_stand_where_the_text_stood() -> None:
    """Against the converter, which draws the text itself: the ink of both covers the same box."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60"><rect width="300" height="60" fill="#fff"/>'
    look = 'font-family="Liberation Sans, Arial" fill="#000"'
    for text in (
        f'<text {look} font-size="20px" transform="translate(10,30)">Wave, 1,268</text>',
        f'<text {look} font-size="14" font-weight="bold" text-anchor="end" x="290" y="40">Жовтень</text>',
        f'<text {look} font-size="12" text-anchor="middle" transform="translate(150,20)"><tspan>one</tspan><tspan x="0" dy="15">two &amp; more</tspan></text>',
    ):
        svg = f"{head}{text}</svg>"
        outlined = letters.outlined(svg)
        assert "<text" not in outlined
        drawn = [_ink(usual_renderer.pixels(one, 2)) for one in (svg, outlined)]
        assert drawn[0] == pytest.approx(drawn[1], abs=2), text


def _ink(pixels: Any) -> tuple[int, ...]:
    box = ImageOps.invert(Image.fromarray(pixels).convert("L")).getbbox()
    assert box
    return box


def test_letters_that_the_font_lacks_are_boxes() -> None:
    text = '<text font-family="Liberation Sans" font-size="12">{}</text>'
    one, two = (letters.outlined(text.format(lacking)) for lacking in ("漢", "漢字"))
    (box,) = re.findall('<path d="([^"]+)"', one)
    outline = box[box.index("m") :]
    assert two.count(outline) == 2


@pytest.mark.slow
def test_the_libraries_are_kept_and_made_again_when_not_whole(tmp_path: Path) -> None:
    code = "from kurskdata.drawing import vega_engine as vega; print(len(vega.script()))"

    def length() -> int:
        return int(processes.python("-c", code, KURSKDATA_CACHE=str(tmp_path)).stdout)

    first = length()
    (place,) = tmp_path.glob("vega-*.js")
    assert cache.read(place)
    place.write_bytes(place.read_bytes()[:-100])
    assert length() == first
    assert cache.read(place)


@pytest.mark.parametrize("name", by_name.names())
def test_pictures_are_as_the_converter_draws_them(name: str) -> None:
    text = letters.outlined(render_svg(by_name.spec(name, edition(theme="dark"))))
    ours, usual = pixels_of(text, 2), usual_renderer.pixels(text, 2)
    assert ours.shape == usual.shape
    one, other = (Image.fromarray(pixels).convert("RGB") for pixels in (ours, usual))
    apart = ImageChops.difference(one, other).convert("L").histogram()
    assert sum(step * count for step, count in enumerate(apart)) / sum(apart) < 0.7
    assert sum(apart[128:]) / sum(apart) < 0.002, "edges may differ, and where dashes begin; marks may not"


@pytest.mark.parametrize("family", ["Georgia, serif", "Georgia", "Liberation Sans"])
def test_every_text_is_drawn_in_our_font_whatever_the_machine_has(family: str) -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><rect width="200" height="40" fill="#fff"/>'
    svg = f'{head}<text font-family="{family}" font-size="20" x="10" y="30">Kursk 漢</text></svg>'
    pixels = pixels_of(svg, 1.5)
    assert pixels.shape == (60, 300, 4)
    assert pixels.max() == 255
    assert pixels[..., :3].min() < 100
    ours = pixels_of(svg.replace(family, "Liberation Sans"), 1.5)
    assert ours.tobytes() == pixels.tobytes()


def test_an_svg_that_is_none_is_an_error() -> None:
    with pytest.raises(BuildError, match="does not read its SVG"):
        pixels_of("<svg", 1)


def test_marks_carry_no_tooltips_and_labels_of_their_own() -> None:
    spec = by_name.spec("area", edition())
    before = json.dumps(spec)
    drawn = render_svg(spec)
    assert json.dumps(spec) == before, "JupyterLab shows the tooltips"
    assert '"tooltip"' in before
    assert len(re.findall('aria-label="(?!Title|Subtitle)', drawn)) == 0
    assert drawn.count("<title>") == drawn.count('role="img"') == 1


def test_a_change_in_any_module_or_font_that_draws_is_another_drawing(tmp_path: Path) -> None:
    package = Path(cache.__file__).parents[1]
    modules = [*package.glob("drawing/*.py"), *package.glob("drawing/*.js")]
    files = [*modules, *FONTS.glob("*.ttf")]
    assert len(files) > 10
    for path in files:
        copy = tmp_path / path.relative_to(package)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    hashes = {cache.code.__wrapped__(tmp_path)}
    assert hashes == {cache.code()}
    for path in files:
        (tmp_path / path.relative_to(package)).write_bytes(path.read_bytes() + b"#")
        hashes.add(cache.code.__wrapped__(tmp_path))
    assert len(hashes) == 1 + len(files)


def test_a_drawing_is_drawn_once_for_the_same_code_kind_and_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "active", None)
    answers = iter([b"first", b"second", b"third"])
    assert cache.drawn("svg", "a source", lambda: next(answers)) == b"first"
    assert cache.drawn("svg", "a source", lambda: next(answers)) == b"first"
    assert cache.drawn("png", "a source", lambda: next(answers)) == b"second"
    monkeypatch.setattr(cache, "code", lambda: "another hash")
    assert cache.drawn("svg", "a source", lambda: next(answers)) == b"third"


DAYS = {"locator": ("2024-12-12", "2024-12-13"), "claims": ("2025-03-14", "2025-04-02"), "area": ("2025-03-13", "2025-03-14")}  # fmt: skip


@pytest.mark.parametrize(("name", "language"), [*zip(DAYS, ("uk", "de", "en"), strict=True)])
def test_files_of_a_day_are_the_same_whether_its_drawing_is_shared(
    name: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second day finds what the first has drawn, where no mark moved; alone, it draws everything."""
    calls: list[str] = []
    own = vega_engine.svg
    monkeypatch.setattr(vega_engine, "svg", lambda *given: calls.append(given[0]) or own(*given))
    monkeypatch.setattr(cache, "_drawn", {})
    first, second = (by_name.spec(name, edition(as_of=day, language=language)) for day in DAYS[name])
    embed.write(first, tmp_path / "first")
    calls.clear()
    embed.write(second, tmp_path / "second")
    assert len(calls) == (2 if name == "area" else 0)
    monkeypatch.setattr(cache, "_drawn", {})
    monkeypatch.setattr(svg, "_apart", lambda spec: ({}, spec))
    embed.write(second, tmp_path / "alone")
    assert len(calls) == (4 if name == "area" else 2)
    for path in sorted((tmp_path / "alone").iterdir()):
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes(), path.name


@pytest.mark.parametrize(
    "change",
    [
        {"title": {"text": ["A title as wide as " + "M" * 60], "fontSize": 20}},
        {"title": {"text": ["this < that & \"quoted\""], "fontSize": 20}},
        {"title": {"text": ["cut off"], "fontSize": 20, "limit": 30}},
        {"title": "a plain title"},
        {"description": "a mark holds \ue000"},
    ],
)  # fmt: skip
def test_texts_that_are_no_plain_lines_are_drawn_as_they_stand(
    change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = {**by_name.spec("locator", edition(as_of="2025-03-16")), **change}
    if "description" in change:
        spec = json.loads(json.dumps(spec).replace('"text": "1"', '"text": "\\ue000"'))
    shared = svg._forms(spec)
    monkeypatch.setattr(svg, "_apart", lambda spec: ({}, spec))
    assert shared == svg._forms(spec)
