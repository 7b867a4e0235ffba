"""The reader of prose: numbers, claims, speakers and days, measured on the passages of tests/passages."""

from __future__ import annotations

import collections
import io
import itertools
import re
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest

from kurskdata.check import check_claims
from kurskdata.errors import InputError
from kurskdata.prose import read_article, read_file
from kurskdata.prose.lines import unwrapped

PASSAGES = Path(__file__).parent / "passages"
LANGUAGES = ("en", "uk", "ru", "de")
MARKED = re.compile(r"\[([^\]|]+)\|([^\]]+)\]")
QUALIFIERS = ("about", "more_than", "at_least", "less_than", "at_most", "nearly")


@dataclass
class Gold:
    """A number of a passage and what it says; ``measure`` is empty where it is left out."""

    start: int
    end: int
    measure: str = ""
    value: float = 0
    value_to: float | None = None
    unit: str = ""
    qualifier: str = "exact"
    as_of: str = ""
    window: str = ""
    speaker: str = "article"


def passages(language: str) -> list[tuple[str, str, str, list[Gold]]]:
    """Title, day, text and numbers of each passage of a language."""
    found = []
    for part in (PASSAGES / f"{language}.txt").read_text("utf-8").split("## ")[1:]:
        title, _, marked = part.strip().partition("\n")
        text, gold, after = "", [], 0
        for m in MARKED.finditer(marked):
            text += marked[after : m.start()] + m[1]
            gold.append(_gold(m[2], title[:10], len(text) - len(m[1]), len(text)))
            after = m.end()
        found.append((f"{language} {title}", title[:10], text + marked[after:], gold))
    return found


def _gold(says: str, day: str, start: int, end: int) -> Gold:
    if says == "-":
        return Gold(start, end)
    figure, _, speaker = says.partition(" @")
    measure, value, unit, *more = figure.split()
    low, _, high = value.partition("..")
    gold = Gold(
        start,
        end,
        measure,
        float(low),
        float(high) if high else None,
        unit,
        as_of=day,
        speaker=speaker or "article",
    )
    for word in more:
        name = "qualifier" if word in QUALIFIERS else "window" if "/" in word else "as_of"
        setattr(gold, name, word)
    return gold


def day(value: Any) -> str:
    return "" if pd.isna(value) else str(value.date())


def measured(language: str) -> tuple[collections.Counter[str], list[str]]:
    """Counts of what is right, and a line for each that is wrong."""
    n: collections.Counter[str] = collections.Counter()
    wrong: list[str] = []
    for title, published, text, gold in passages(language):
        article = read_article(text, published)
        claims, left = article.to_dict("records"), article.attrs["left_out"]
        used: set[str] = set()
        for g in gold:
            hits = [c for c in claims if c["start"] < g.end and g.start < c["end"]]
            words = f"{title}: {text[g.start : g.end]!r}"
            n["numbers"] += 1
            if not hits and not any(o["start"] < g.end and g.start < o["end"] for o in left):
                n["unaccounted"] += 1
                wrong.append(f"{words} is not mentioned at all")
            if not g.measure:
                wrong += [f"{words} is left out, not {c['measure']}" for c in hits]
                continue
            n["in scope"] += 1
            right = [
                c
                for c in hits
                if (c["measure"], c["unit"], c["value"]) == (g.measure, g.unit, g.value)
                and (c["value_to"] == g.value_to or (pd.isna(c["value_to"]) and g.value_to is None))
            ]
            if not right:
                why = [o["why"] for o in left if o["start"] < g.end and g.start < o["end"]]
                wrong.append(
                    f"{words} is {g.measure} {g.value} {g.unit}, not {[(c['measure'], c['value'], c['unit']) for c in hits] or why}"
                )
                continue
            c = right[0]
            used.add(c["claim_id"])
            n["read"] += 1
            window = "/".join(filter(None, (day(c["window_start"]), day(c["window_end"]))))
            expected = g.window or (f"{g.as_of}/{g.as_of}" if g.measure.endswith("_in_window") else "")
            for name, want, got in (
                ("speaker", g.speaker, c["speaker"]),
                ("qualifier", g.qualifier, c["qualifier"]),
                ("day", g.as_of, day(c["as_of"])),
                ("window", expected, window),
            ):
                n[name] += want == got
                wrong += [] if want == got else [f"{words}: {name} is {want!r}, not {got!r}"]
        n["claims"] += len(claims)
        n["right claims"] += len(used)
        wrong += [
            f"{title}: {c['text']!r} is no {c['measure']} of the passage"
            for c in claims
            if not any(c["start"] < g.end and g.start < c["end"] for g in gold)
        ]
    return n, wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_passages_are_read(language: str) -> None:
    n, wrong = measured(language)
    print("\n".join(wrong))
    assert n["in scope"] >= 30
    assert n["unaccounted"] == 0
    assert n["read"] >= 0.9 * n["in scope"]
    assert n["right claims"] >= 0.95 * n["claims"]
    floors = {"speaker": 0.85, "qualifier": 0.95, "day": 0.9, "window": 0.9}
    assert {name: n[name] / n["read"] for name, floor in floors.items() if n[name] < floor * n["read"]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_digit_is_in_a_claim_or_left_out(language: str) -> None:
    for _, published, text, _ in passages(language):
        article = read_article(text, published)
        spans = [
            *zip(article["start"], article["end"], strict=True),
            *((number["start"], number["end"]) for number in article.attrs["left_out"]),
        ]
        assert [
            text[m.start() - 10 : m.end() + 10]
            for m in re.finditer(r"\d+", text)
            if not any(a <= m.start() < b for a, b in spans)
        ] == []
        assert {len(s) for s in spans} <= {2}
        ordered = sorted(spans)
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(ordered))
        assert [text[a:b] for a, b in zip(article["start"], article["end"], strict=True)] == article[
            "text"
        ].tolist()


ARTICLE = (
    "Gerasimov reports\n\nRussian troops have retaken 24 settlements in the Kursk region in the past five days, "
    "Valery Gerasimov said on Wednesday. Ukraine still holds about 150 square kilometres, according to DeepState."
)
"""Two claims and a period, without a day of publication."""

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}</title>
<meta property="article:published_time" content="2025-03-13T08:00:00+00:00"><script>var a = 12345;</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/t">Top 10 stories</a></li></ul></nav>
<div class="cookie-banner">We and our 842 partners store cookies.</div>
<main><article><h1>{title}</h1>{body}<aside class="related"><a href="/1">Ukraine loses 300 tanks</a></aside></article>
<section class="comments"><p>user99: 2000 villages!</p></section></main><footer>Tel. +49 30 1234567</footer></body></html>"""


def page(charset: str) -> bytes:
    title, _, text = ARTICLE.partition("\n\n")
    more = (
        "Neither claim could be verified independently, and officials in Kyiv declined to comment on them. "
        * 3
    )
    body = "".join(f"<p>{p}</p>" for p in (text, more))
    return PAGE.format(charset=charset, title=title, body=body).encode(charset)


def read_three(article: pd.DataFrame) -> None:
    assert article["value"].tolist() == [24, 5, 150]
    assert article["as_of"].dt.strftime("%m-%d").tolist() == ["03-12", "03-12", "03-13"]
    for start, end, text in article[["start", "end", "text"]].itertuples(index=False):
        assert article.attrs["text"][start:end] == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["article.txt", "article.md"])
def test_text_is_read_in_unicode(tmp_path: Path, name: str, encoding: str) -> None:
    (tmp_path / name).write_bytes(ARTICLE.replace("\n", "\r\n").encode(encoding))
    article = read_file(tmp_path / name, "2025-03-13")
    read_three(article)
    assert article.attrs["text"] == ARTICLE


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251"])
def test_a_saved_page_gives_its_article_and_its_day(tmp_path: Path, charset: str) -> None:
    (tmp_path / "saved.html").write_bytes(page(charset))
    article = read_file(tmp_path / "saved.html")
    assert article.attrs["day"] == "2025-03-13"
    read_three(article)
    numbers = " ".join([*article["text"], *(number["text"] for number in article.attrs["left_out"])])
    assert not any(other in numbers for other in ("10", "842", "300", "2000", "12345", "1234567"))
    assert article.attrs["text"].startswith("Gerasimov reports")


def test_a_word_document_gives_its_paragraphs(tmp_path: Path) -> None:
    document = docx.Document()
    for paragraph in ARTICLE.split("\n\n"):
        document.add_paragraph(paragraph)
    document.save(str(tmp_path / "article.docx"))
    read_three(read_file(tmp_path / "article.docx", "2025-03-13"))


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ARTICLE.encode()), "utf-8"))
    read_three(read_file("-", "2025-03-13"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("article.pdf", b"%PDF", "allowed: .txt, .md, .html, .htm, .docx"),
        ("article.txt", "1100 кв. км".encode("cp1251"), "save it as UTF-8"),
        ("article.txt", b" \n", "no text"),
        ("article.txt", b"86 percent of Kursk", "on which day"),
        ("article.docx", b"not a zip", "article.docx"),
        ("article.html", b"<html></html>", "no text"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=re.escape(message)) as refused:
        read_file(tmp_path / name)
    assert str(tmp_path / name) in str(refused.value)
    with pytest.raises(InputError, match="missing"):
        read_file(tmp_path / "missing.txt")


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("KYIV, March 14, 2025 (Reuters) - ", "2025-03-14"),
        ("Moskau, 14. März 2025 - ", "2025-03-14"),
        ("14 березня 2025, 15:47. ", "2025-03-14"),
        ("14 марта 2025 года. ", "2025-03-14"),
        ("date 2025-03-14\n", "2025-03-14"),
        ("Stand: 14.03.2025\n", "2025-03-14"),
        ("On 14 March 2025 and 12 March 2025 ", "2025-03-14"),
    ],
)
def test_the_day_is_found_in_the_first_lines(head: str, day: str) -> None:
    assert read_article(head + "Kursk").attrs["day"] == day


@pytest.mark.parametrize(
    ("written", "value", "qualifier"),
    [
        ("1,100 square kilometres", 1100, "exact"), ("1.100 Quadratkilometer", 1100, "exact"),
        ("1 100 кв. км", 1100, "exact"), ("1'100 Quadratkilometer", 1100, "exact"), ("1,1 тыс. кв. км", 1100, "exact"),
        ("1.3 thousand sq km", 1300, "exact"), ("1,5 тисячі км²", 1500, "exact"), ("427.5 sqkm", 427.5, "exact"),
        ("півтори тисячі кв. км", 1500, "exact"), ("two and a half thousand sq. km", 2500, "exact"),
        ("one hundred and twenty square kilometers", 120, "exact"), ("zweihundertvierundzwanzig Quadratkilometer", 224, "exact"),
        ("двухсот сорока квадратных километров", 240, "exact"), ("knapp tausend Quadratkilometer", 1000, "nearly"),
        ("свыше 1000 кв.км", 1000, "more_than"), ("щонайменше тисяча кв. км", 1000, "at_least"),
        ("as many as 1,000 km2", 1000, "at_most"), ("не менее тысячи кв. км", 1000, "at_least"),
        ("**1,000** square kilometers", 1000, "exact"),
        ("less than 1,000 square-kilometers", 1000, "less_than"), ("gut 1000 km²", 1000, "more_than"),
    ],
)  # fmt: skip
def test_numbers_are_read_however_they_are_written(written: str, value: float, qualifier: str) -> None:
    frames = {
        "latin": "Die Ukraine kontrolliert in der Region Kursk {}." if re.search("Quadrat|gut", written) else "Ukraine controls {} of the Kursk region.",
        "uk": "Україна контролює на Курщині {} і це є фактом.",
        "ru": "Украина контролирует {} Курской области, это факт.",
    }  # fmt: skip
    kind = "latin" if not re.search("[а-яі]", written) else "uk" if re.search("[іщ]", written) else "ru"
    (claim,) = read_article(frames[kind].format(written), "2025-01-17").to_dict("records")
    assert (claim["measure"], claim["value"], claim["qualifier"]) == ("area_held", value, qualifier)


def test_the_same_text_gives_the_same_claims_and_the_check_takes_them() -> None:
    article = read_article(ARTICLE, "2025-03-13")
    assert article.equals(read_article(ARTICLE, "2025-03-13"))
    assert set(check_claims(article)["claim_id"]) == {"c1", "c2", "c3"}
    assert read_article("No figure at all.", "2025-03-13").empty


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years"])
def test_a_period_may_be_longer_than_the_calendar(unit: str) -> None:
    text = f"Moscow, 14 March 2025. Over the past 99999999999 {unit} Russia retook 140 sq km in the Kursk region."
    assert 140 in set(read_article(text, "2025-03-14")["value"])


def test_a_longer_article_takes_longer_in_proportion() -> None:
    def taken(sentences: int) -> float:
        text = (
            "Syrskyi said on Tuesday that 82 settlements in the Kursk region were under control. " * sentences
        )
        start = time.process_time()
        assert len(read_article(text, "2024-08-15")) == sentences
        return time.process_time() - start

    taken(1)
    assert taken(160) < 12 * taken(40)


@pytest.mark.parametrize(
    ("day", "text", "measure"),
    [
        ("2024-08-22", "Зеленський повідомив, що під контролем України на Курщині ще одне село.", "settlements_seized_in_window"),
        ("2024-08-22", "Зеленський: ще п'ять сіл Курської області залишаються під контролем України.", "settlements_held"),
        ("2024-08-22", "Зеленский сообщил, что в Курской области ВСУ контролируют еще два села.", "settlements_seized_in_window"),
        ("2025-01-01", "На Курщині Сирський сказав: з полону повернулося ще 189 українців.", "prisoners_freed"),
        ("2025-01-01", "На родину вернулись 115 срочников из Курской области, заявило Минобороны.", "prisoners_freed"),
        ("2025-03-14", "Алаудинов: освободить осталось пять сел Курской области.", "settlements_left"),
        ("2025-03-14", "Остаются пять сел Курской области, которые надо зачистить, сказал Алаудинов.", "settlements_left"),
        ("2025-03-14", "Алаудінов заявив, що росіянам лишилося зайняти п'ять сіл Курської області.", "settlements_left"),
        ("2025-03-14", "Под контролем ВСУ в Курской области остаются пять сел, заявил Герасимов.", "settlements_held"),
        ("2025-03-08", "Под Курском взяты три населенных пункта", "settlements_retaken_in_window"),
        ("2025-01-17", "Украине удалось занять 1268 кв. км Курской области, считает Минобороны РФ.", "area_seized"),
        ("2025-01-17", "Площадь Курской области под контролем ВСУ — 1268 кв. км.", "area_held"),
        ("2025-01-17", "Площадь всей Курской области — 29,9 тыс. кв. км.", "size of the region"),
        ("2025-01-17", "Площа Курської області становить 30 тис. кв. км.", "size of the region"),
        ("2025-01-17", "ВСУ уйдут из Курской области в течение двух недель.", "a forecast"),
        ("2025-01-17", "Мешканці Курської області вже п'ять місяців протестують.", "a period of something else"),
        ("2025-01-17", "Бои в Курской области идут уже пять месяцев.", "duration_months"),
    ],
)  # fmt: skip
def test_what_a_figure_counts_is_read_in_russian_and_ukrainian(day: str, text: str, measure: str) -> None:
    article = read_article(text, day)
    assert [*article["measure"], *(number["why"] for number in article.attrs["left_out"])] == [measure]


@pytest.mark.parametrize(
    ("text", "measure", "speaker"),
    [
        ("Генштаб РФ говорит об операции в Курской области. В зоне находится 310 кв. км, подконтрольной ВСУ.", "area_held", "Russian General Staff"),
        ("В Курской области 420 кв. км остаются подконтрольны Украине, сообщил Герасимов.", "area_held", "Valery Gerasimov"),
        ("Герасимов сообщил: на подконтрольной России части Курской области 1100 кв. км.", "area_retaken", "Valery Gerasimov"),
        ("DeepState: на Курщині 290 кв. км території, підконтрольної ЗСУ.", "area_held", "DeepState"),
        ("Командування повідомило: у Курській області Сили оборони утримують 480 кв. км.", "area_held", "Ukraine"),
        ("Російське командування повідомило, що у Курській області звільнено 7 сіл.", "settlements_retaken", "Russia"),
        ("Von ursprünglich 1.300 km² in Kursk hält die Armee nach ukrainischen Schätzungen noch 220 km².", "area_seized", "Ukraine"),
    ],
)  # fmt: skip
def test_who_controls_it_is_named_after_the_word_and_a_command_is_that_of_its_side(
    text: str, measure: str, speaker: str
) -> None:
    first = read_article(text, "2025-03-11").iloc[0]
    assert (first["measure"].removesuffix("_in_window"), first["speaker"]) == (measure, speaker)


def told(article: pd.DataFrame) -> list[list[str]]:
    """What is read of each figure, whatever its place in the text."""
    words = article["text"].str.replace("\u00ad\n?", "", regex=True).str.split().str.join(" ")
    words = words.str.replace(r"-\s", "-", regex=True)
    return article.assign(text=words).drop(columns=["start", "end"]).astype(str).to_numpy().tolist()


def hyphened(text: str) -> str:
    """Each long word with a soft hyphen in it, and every seventh of them parted there by the end of a line."""
    long = itertools.count(1)
    return re.sub(
        r"\b([^\W\d]{4})(?=[^\W\d]{4})", lambda m: f"{m[1]}\u00ad" + "\n" * (next(long) % 7 == 0), text
    )


REWRAPPED = {
    "60 characters": lambda text: "\n".join(textwrap.fill(line, 60) for line in text.split("\n")),
    "blank lines": lambda text: "\n\n".join(textwrap.fill(line, 60) for line in text.split("\n")),
    "indented": lambda text: "\n\n".join(
        textwrap.fill(line, 60, subsequent_indent="  ") for line in text.split("\n")
    ),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "soft hyphens": hyphened,
}


@pytest.mark.parametrize("way", REWRAPPED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_ends_of_lines_and_unseen_marks_change_no_answer(language: str, way: str) -> None:
    for title, published, text, _ in passages(language):
        wrapped = REWRAPPED[way](text)
        article = read_article(wrapped, published)
        assert told(article) == told(read_article(text, published)), title
        assert [wrapped[s:e] for s, e in zip(article["start"], article["end"], strict=True)] == [
            *article["text"]
        ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Russia's Defence\nMinistry said so.", ["Russia's Defence Ministry said so."]),
        ("Verteidi-\ngung, twenty-\nfour, 30-\nday", ["Verteidigung, twenty-four, 30-day"]),
        ("It fell. Losses of the\nArmy grew", ["It fell. Losses of the Army grew"]),
        ("Losses fell\nThe Army grew.", ["Losses fell", "The Army grew."]),
        ("held:\n- two towns\n- a dam\n\nand more", ["held:", "- two towns", "- a dam", "", "and more"]),
        ("It was so on\n7. March.\n1. One\n2. Two", ["It was so on", "7. March.", "1. One", "2. Two"]),
    ],
)
def test_a_line_goes_on_unless_a_paragraph_or_an_item_ends(text: str, lines: list[str]) -> None:
    flat, places = unwrapped(text)
    assert flat.split("\n") == lines
    assert len(places) == len(flat)
    assert [text[n] for n, c in zip(places, flat, strict=True) if not c.isspace()] == [
        c for c in flat if not c.isspace()
    ]


def test_who_is_only_a_side_stays_one_and_all_its_officials_may_have_said_it() -> None:
    lead = "Russia claimed to have retaken 86% of the Kursk region that Ukraine had seized. "
    far = "Weather was fine. Roads were dry. Valery Gerasimov said 24 settlements were liberated in the Kursk region."
    article = read_article(lead + far, "2025-03-12")
    assert article["speaker"].tolist()[:1] == ["Russia"]
    assert check_claims(article)["said"].tolist()[:1] == ["as_said"]
    near = read_article(f"{lead}Gerasimov told Putin that 24 settlements were liberated there.", "2025-03-12")
    assert near["speaker"].tolist()[:1] == ["Valery Gerasimov"]
