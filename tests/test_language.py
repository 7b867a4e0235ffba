"""Four languages: every text translated, no English left in a chart, plural forms, numbers, days, neutral words."""

from __future__ import annotations

import ast
import datetime as dt
import functools
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import catalogues
import nbformat
import pandas as pd
import pytest

import kurskdata as kd
from kurskdata import display, sentences
from kurskdata.charts import by_name
from kurskdata.drawing import fonts
from kurskdata.drawing.svg import narrow_drawing, render_svg
from kurskdata.editions import edition
from kurskdata.errors import InputError
from kurskdata.reports.edition import page
from kurskdata.tables import settlements
from kurskdata.words import headings
from kurskdata.words.figures import amount
from kurskdata.words.language import LANGUAGES, Words
from kurskdata.words.language import _texts as language_texts

FOREIGN = tuple(language for language in LANGUAGES if language != "en")
NBSP = "\N{NO-BREAK SPACE}"

LATIN = {
    "DeepState", "Project", "Owl", "kurskdata", "CC", "BY", "ISW", "AFP", "NIS", "WP", "Washington", "Post",
    "Storm", "Shadow", "Natural", "Earth", "Russia", "Matters", "Kyiv", "Independent",
}  # fmt: skip
"""Names that stay in Latin letters in Ukrainian and Russian."""

RECORDED = {
    "basovka": "Басівка", "glushkovo": "Глушково", "goncharovka": "Гончарівка", "kazachya-loknya": "Козача Локня",
    "loknya-sumy": "Локня", "martynovka": "Мартинівка", "novenkoye": "Новеньке", "sudzha": "Суджа",
    "tyotkino": "Тьоткіно", "yunakovka": "Юнаківка", "zhuravka": "Журавка",
}  # fmt: skip
"""Ukrainian names of places that a source gives."""

ENGLISH = (
    "the of and by said says held retaken that from with which not more than about claims claim area "
    "settlement settlements map article days day fits Source Data according unclear announced before after"
)
FORBIDDEN = {
    "uk": r"звільн|визвол|деокуп|окуп|загарб|рашист|нацист|бойовик|агрес|терористичн",
    "ru": r"освобо[дж]|оккуп|боевик|нацист|зачист|агресс|террористическ",
    "de": r"befrei|besatz|besetz|\binva[sd]|aggress|säuber",
}
"""Words of one side. The texts on prisoners who were freed are the exception."""


def latin(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]{2,}", text)) - LATIN


def of(name: str, language: str) -> dict[str, Any]:
    return _specs()(name, language)


@functools.cache
def _specs() -> Any:
    return functools.cache(lambda name, language: by_name.spec(name, edition(language=language)))


def drawings(name: str, language: str) -> Iterator[str]:
    spec = of(name, language)
    narrow = narrow_drawing(spec)
    assert narrow is not None
    yield from (render_svg(spec), render_svg(narrow))


def written(svg: str) -> str:
    """All that a reader of a drawing sees or hears."""
    texts = re.findall(r"<(?:text|tspan|title|desc)[^>]*>([^<]+)<", svg)
    return "\n".join(texts)


def nodes(spec: Any) -> Iterator[dict[str, Any]]:
    if isinstance(spec, dict):
        yield spec
        for inner in spec.values():
            yield from nodes(inner)
    elif isinstance(spec, list):
        for inner in spec:
            yield from nodes(inner)


@pytest.fixture(params=by_name.names())
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=FOREIGN)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


def test_every_text_is_translated_and_every_catalogue_compiled() -> None:
    assert catalogues.faults() == []


def test_a_text_without_translation_is_a_fault(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = catalogues.template()
    texts.add("A text that nobody has translated")
    monkeypatch.setattr(catalogues, "template", lambda: texts)
    assert any(f"{language}/" in fault and "not in step" in fault for fault in catalogues.faults())


def test_an_empty_or_fuzzy_entry_is_a_fault(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = catalogues.read(language)
    broken["Ukraine"].string = ""
    broken["Russia"].flags.add("fuzzy")
    monkeypatch.setattr(catalogues, "read", lambda _: broken)
    found = [fault for fault in catalogues.faults() if "not translated" in fault]
    assert any("'Ukraine'" in fault for fault in found)
    assert any("'Russia'" in fault for fault in found)


def test_the_extraction_finds_texts_of_code_templates_notebooks_and_data() -> None:
    texts = catalogues.template()
    for text in ("By {day} no claim on the area held was public.", "Get the data", "## Settlements", "Putin orders an Easter truce",
                 "Russian Defence Ministry", "share of the area taken by Ukraine that Russia retook"):  # fmt: skip
        assert texts.get(text), text


def named_texts() -> Iterator[str]:
    """The first argument of every call of `Words.say` as a pattern of names."""
    for path in Path(kd.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "say"
            ):
                name = node.args[0]
                parts = name.values if isinstance(name, ast.JoinedStr) else [name]
                yield "".join(re.escape(p.value) if isinstance(p, ast.Constant) else r"\w+" for p in parts)


def test_the_code_says_every_text_and_only_those_that_there_are() -> None:
    names, said = language_texts(), [*named_texts()]
    assert len(said) > 30
    assert [pattern for pattern in said if not any(re.fullmatch(pattern, name) for name in names)] == []
    assert [name for name in names if not any(re.fullmatch(pattern, name) for pattern in said)] == []


def test_translations_keep_the_places_of_values(language: str) -> None:
    for message in catalogues.read(language):
        if not message.id or "#" in str(message.id)[:3]:
            continue
        wanted = [message.id] if isinstance(message.id, str) else list(message.id)
        given = [message.string] if isinstance(message.string, str) else list(message.string)
        places = {place for text in wanted for place in re.findall(r"{(\w+)}", text)}
        for text in given:
            assert set(re.findall(r"{(\w+)}", text)) == places, text


def test_catalogues_open_with_their_glossary(language: str) -> None:
    head = catalogues.po(language).read_text("utf-8").partition("msgid")[0]
    for term in (
        "retaken:",
        "held by Ukraine:",
        "not confirmed independently:",
        "oblast:",
        "claim:",
        "said:",
    ):
        assert term in head


def test_catalogues_hold_no_dates_of_their_making(language: str) -> None:
    assert b"Date" not in catalogues.po(language).read_bytes().partition(b"#: ")[0]
    assert b"POT-Creation-Date" not in catalogues.po(language).with_suffix(".mo").read_bytes()


def test_wording_is_neutral(language: str) -> None:
    for message in catalogues.read(language):
        if "freed" in str(message.id):
            continue
        assert not re.search(FORBIDDEN[language], str(message.string), re.IGNORECASE), message.string


def test_no_english_is_left_in_a_chart(name: str, language: str) -> None:
    for svg in drawings(name, language):
        text = written(svg)
        if language == "de":
            assert re.findall(rf"\b({'|'.join(ENGLISH.split())})\b", text) == []
        else:
            assert latin(text) == set()


def test_no_english_is_left_in_a_tooltip(name: str, language: str) -> None:
    spec = of(name, language)
    fields = [f for node in nodes(spec) for f in _fields(node)]
    titles = " ".join(f["title"] for f in fields)
    assert re.findall(rf"\b({'|'.join(ENGLISH.split())})\b", titles) == []
    if language != "de":
        assert latin(titles) == set()
    for rows in (rows for key, rows in spec["datasets"].items() if key != "rows"):
        for row in rows:
            shown = " ".join(str(row.get(f)) for f in ("said", "sentence", "title", "detail", "name", "day"))
            assert re.findall(r"\b(the|of|and|said|retaken|held|settlements?)\b", shown) == []


def _fields(node: dict[str, Any]) -> list[dict[str, Any]]:
    found = node.get("tooltip", [])
    found = found if isinstance(found, list) else [found]
    return [f for f in found if isinstance(f, dict) and "title" in f]


def test_nothing_runs_out_of_a_chart(name: str, language: str) -> None:
    spec = of(name, language)
    wide, narrow = (
        float(re.search(r'width="([\d.]+)"', svg)[1])  # type: ignore[index]
        for svg in drawings(name, language)
    )
    assert wide <= 664
    assert narrow <= 352
    for size, lines in ((fonts.TITLE, spec["title"]["text"]), (fonts.SUBTITLE, spec["title"]["subtitle"])):
        for line in [lines] if isinstance(lines, str) else lines:
            assert fonts.text_width(line, size, bold=size == fonts.TITLE) <= 612


def test_titles_of_events_fit_their_column(language: str) -> None:
    w, events = Words(language), kd.timeline()
    after = max(fonts.text_width(w.date(day, "short"), fonts.SMALL) for day in events["date"]) + 5
    for row in events.to_dict("records"):
        assert fonts.text_width(w.plain(row["title"])) <= 612 + 12 - 164 - max(52, after), w.plain(
            row["title"]
        )
        assert fonts.text_width(w.plain(row["short"]), fonts.SMALL) <= 300 + 12 - 88 - max(46, after), (
            w.plain(row["short"])
        )


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ["1 settlement", "2 settlements", "5 settlements", "21 settlements", "22 settlements", "25 settlements"]),
        ("de", ["1 Ortschaft", "2 Ortschaften", "5 Ortschaften", "21 Ortschaften", "22 Ortschaften", "25 Ortschaften"]),
        ("uk", ["1 населений пункт", "2 населені пункти", "5 населених пунктів",
                "21 населений пункт", "22 населені пункти", "25 населених пунктів"]),
        ("ru", ["1 населённый пункт", "2 населённых пункта", "5 населённых пунктов",
                "21 населённый пункт", "22 населённых пункта", "25 населённых пунктов"]),
    ],
)  # fmt: skip
def test_settlements_are_counted_in_the_plural_of_the_language(language: str, forms: list[str]) -> None:
    assert [amount(n, "settlements", Words(language)) for n in (1, 2, 5, 21, 22, 25)] == forms


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "7.5 months"), ("de", "7,5 Monate"), ("uk", "7,5 місяця"), ("ru", "7,5 месяца")],
)
def test_parts_of_one_have_their_own_form(language: str, text: str) -> None:
    assert amount(7.5, "months", Words(language)) == text


@pytest.mark.parametrize(
    ("language", "number", "share", "day", "short", "span"),
    [
        ("en", "1,268.5", "63.2 %", "14 March 2025", "14 Mar", "8–12 Mar"),
        ("de", "1.268,5", "63,2 %", "14. März 2025", "14. März", "8.–12. März"),
        ("uk", "1 268,5", "63,2 %", "14 березня 2025 року", "14 бер.", "8–12 бер."),
        ("ru", "1 268,5", "63,2 %", "14 марта 2025 года", "14 мар.", "8–12 мар."),
    ],
)
def test_numbers_and_days_have_the_form_of_the_language(
    language: str, number: str, share: str, day: str, short: str, span: str
) -> None:
    w, on = Words(language), dt.date(2025, 3, 14)
    assert w.number(1268.5).replace(NBSP, " ") == number
    assert w.percent(63.2) == share.replace(" ", NBSP)
    assert w.date(on).replace(NBSP, " ") == day
    assert w.date(on, "short") == short.replace(" ", NBSP)
    assert w.days(dt.date(2025, 3, 8), dt.date(2025, 3, 12)).replace(NBSP, " ") == span


def test_a_language_without_catalogue_is_refused() -> None:
    with pytest.raises(InputError, match="language: 'fr' is not known; allowed: en, uk, ru, de"):
        kd.check_claims(kd.article(), language="fr")


def test_lists_are_joined_as_in_the_language() -> None:
    given = ["A", "B", "C"]
    assert [Words(one).list(given) for one in LANGUAGES] == [
        "A, B and C", "A, B і C", "A, B и C", "A, B und C"
    ]  # fmt: skip


def test_axes_speak_the_language() -> None:
    assert "Okt" in written(next(drawings("area", "de")))
    assert "жовт." in written(next(drawings("area", "uk")))
    assert "окт." in written(next(drawings("area", "ru")))
    assert "locale" not in of("area", "en")["config"]


def test_the_locale_of_vega_begins_its_week_on_sunday() -> None:
    time = Words("de").vega()["time"]
    assert (time["days"][0], time["months"][2], len(time["shortMonths"])) == ("Sonntag", "März", 12)
    assert Words("uk").vega()["number"]["decimal"] == ","


def test_places_have_their_name_in_the_language() -> None:
    def of_day(language: str) -> str:
        view = kd.settlements_per_day(start="2025-03-13", end="2025-03-13", language=language)
        return str(view["names"].iloc[0])

    assert of_day("uk") == "Меловий; Подол; Суджа"
    assert of_day("ru") == "Меловой; Подол; Суджа"
    assert of_day("de") == "Melowoi; Podol; Sudscha"


def test_names_made_by_rule_are_data_and_say_so() -> None:
    places = kd.places().set_index("place_id")
    names = ["name_uk", "name_uk_basis", "name_de", "name_de_basis"]
    for place, ukrainian, german in [
        ("malaya-loknya", "Мала Локня", "Malaja Loknja"),
        ("cherkasskoye-porechnoye", "Черкаське Порічне", "Tscherkasskoje Poretschnoje"),
        ("tyotkino", "Тьоткіно", "Tjotkino"),
        ("daryino", "Дар’їно", "Darjino"),
        ("martynovka", "Мартинівка", "Martynowka"),
        ("nikolayevo-daryino", "Миколаєво-Дар’їно", "Nikolajewo-Darjino"),
        ("rubanshchina", "Рубанщина", "Rubanschtschina"),
        ("nizhny-klin", "Нижній Клін", "Nischni Klin"),
    ]:
        basis = "recorded" if place in RECORDED else "by_rule"
        assert places.loc[place, names].tolist() == [ukrainian, basis, german, "by_rule"]


def test_names_that_sources_give_are_marked_as_recorded() -> None:
    places = kd.places()
    recorded = places[places["name_uk_basis"] == "recorded"].set_index("place_id")["name_uk"]
    assert dict(recorded) == RECORDED
    assert set(places["name_de_basis"]) == {"by_rule"}


def test_places_in_ukraine_are_transcribed_from_ukrainian() -> None:
    names = settlements.names_in("de")
    of_ukraine = {names[place] for place in ("novenkoye", "basovka", "yunakovka", "zhuravka")}
    assert of_ukraine == {"Nowenke", "Bassiwka", "Junakiwka", "Schurawka"}


def test_every_place_has_a_name_in_every_language_in_its_letters() -> None:
    for language in LANGUAGES:
        names = settlements.names_in(language)
        assert set(names) == set(kd.places()["place_id"])
        foreign = {"uk": "[A-Za-zыэъё]", "ru": "[A-Za-zіїєґ]"}.get(language, "[А-Яа-яЁёІіЇїЄєҐґ]")
        assert not [name for name in names.values() if not name or re.search(foreign, name)]


def test_sentences_and_checks_speak_the_language(language: str) -> None:
    e = edition(language=language)
    held, maps = kd.area_claims(as_of=e.as_of), kd.area_held(as_of=e.as_of)
    days = kd.settlements_per_day(as_of=e.as_of, start="2025-03-05", language=language)
    article = kd.article_claims()
    checked = kd.check_claims(article, as_of=e.as_of, language=language)
    told: list[str] = [
        sentences.headline(e),
        sentences.settlements(days, e, kd.count_claim(as_of=e.as_of, start="2025-03-05")),
        sentences.area(held, e, maps),
        sentences.timeline(kd.timeline(as_of=e.as_of), e),
        sentences.conversion(e, 1100),
        sentences.claims(checked, article, e),
        *checked["line"],
        *checked.evidence["sentence"],
    ]
    for text in told:
        assert re.findall(r"\b(the|of|and|said|says|retaken|held|settlements?|claim|day)\b", text) == [], text
        assert "{" not in text
    assert "3 + 4 + 0 + 12 + 5 = 24" in told[1]


def test_tables_have_titles_and_values_in_the_language() -> None:
    shares = kd.area_percentages(as_of="2025-03-14")
    shares = shares.loc[shares["side"].eq("russia"), ["claimant", "qualifier", "value", "how"]].tail(1)
    shown = display.Table(shares, edition(language="uk"))._repr_html_()
    assert not latin(re.sub(r"<[^>]*>", " ", shown))
    assert ">Хто заявив</th>" in shown
    assert ">Claimant</th>" in display.Table(shares, edition())._repr_html_()
    assert ">claimant</th>" in display.Table(shares)._repr_html_()


def test_tables_give_units_in_their_heads_and_sources_as_links() -> None:
    claims = kd.area_claims(as_of="2025-03-14")[["date", "claimant", "held_low_km2", "source_ids"]]
    shown = display.Table(claims, edition())._repr_html_()
    assert ">Held by Ukraine, from (sq km)</th>" in shown
    assert shown.count("<tr ") == len(claims) + 1
    sources = kd.sources().set_index("source_id")
    for ids in claims["source_ids"]:
        for one in ids.split(";"):
            assert f'<a href="{html.escape(sources["url"][one])}"' in shown
    own = display.Table(
        pd.DataFrame({"source_ids": ["mine-2025", "mine-2025;ap-2025-03-14", None]})
    )._repr_html_()
    assert own.count("mine-2025") == 2, "sources that the tables do not know are shown, not dropped"
    assert "nan" not in own
    evil = display.Table(
        pd.DataFrame({"a": ["<script>alert(1)</script>", "javascript:alert(1)"]})
    )._repr_html_()
    assert "<script>" not in evil
    assert "<a " not in evil


def _cells(frame: pd.DataFrame, language: str) -> list[list[str]]:
    """The rows of a table as its readers see them, its heads first."""
    page = display.Table(frame, edition(language=language))._repr_html_()
    rows = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in re.findall("<tr.*?</tr>", page, re.S)
    ]
    return [[html.unescape(re.sub("<[^>]*>", "", cell)).replace("\xa0", " ") for cell in row] for row in rows]


def test_tables_speak_words_and_not_codes(language: str) -> None:
    checked = kd.check_claims(kd.article(), language=language)
    views = (
        kd.area_percentages(), kd.area_held(), kd.control(), kd.retaken(), kd.timeline(), kd.area(), kd.article(),
        kd.sources().drop(columns="note", errors="ignore"), kd.settlement_places(), kd.settlements_per_day(),
        checked.drop(columns="article", errors="ignore"), checked.evidence,
    )  # fmt: skip
    for view in views:
        unread = [
            c for c in view.columns if c in ("source_ids", "context_source_ids", "note", "url", "snapshot")
        ]
        for row in _cells(view.drop(columns=unread), language):
            codes = [
                cell
                for cell in row
                if re.search(r"[a-z]_[a-z]|\bkm2\b|^[a-z]+-[a-z0-9-]*\d[a-z0-9-]*$", cell)
            ]
            assert codes == [], row


def test_a_table_gives_figures_with_their_units_and_names_in_the_place_of_ids() -> None:
    area = kd.area().query("qualifier == 'more_than' and unit == 'km2'")
    heads, first, *_ = _cells(area[["claim_id", "claimant", "value", "unit", "qualifier"]], "en")
    assert heads == ["Claimant", "Figure"]
    assert re.fullmatch(r"more than [\d,.]+ sq km", first[1])
    retaken = kd.retaken().query("repeat_of.notna() and place_id == 'gornal'")
    heads, first, *_ = _cells(retaken[["place_id", "repeat_of"]].tail(1), "de")
    assert first[0] == "Gornal"
    assert re.fullmatch(r"\D+, \d{4}-\d\d-\d\d", first[1])


def test_tables_of_others_stay_as_they_are() -> None:
    own = {"order_id": ["a_b-1"], "value": [3.5], "unit": ["per_acre"], "lat": [51.123456], "lon": [35.0]}
    heads, cells = _cells(pd.DataFrame(own), "en")
    assert cells[0] == "a_b-1"
    assert "3.5 per_acre" in " ".join(cells)
    assert len(heads) == 4
    twice = pd.DataFrame([[1, 2]], columns=["value", "value"])
    assert _cells(twice, "en")[1] == ["1", "2"]


def test_every_column_of_a_view_has_a_title(language: str) -> None:
    w = Words(language)
    views = (
        kd.area_claims(),
        kd.area_held(),
        kd.settlements_per_day(),
        kd.timeline(),
        kd.check_claims(kd.article()),
        kd.check_claims(kd.article()).evidence,
    )
    for view in views:
        for column in map(str, view.columns):
            assert headings.title(column, w) != column.replace("_", " "), column


def test_pages_of_reports_have_their_text_cells_in_the_language() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("## Settlements")])
    assert page.in_words(notebook, Words("de")).cells[0].source == "## Ortschaften"
    assert notebook.cells[0].source == "## Settlements"
    assert page.in_words(notebook, Words("en")) is notebook
