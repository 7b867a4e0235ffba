"""Ten questions a chart, answered from its alt text and the table of its page alone, by a reader who sees no picture.

The answers are compared with the data. They rest on figures, days and names, not on how a sentence is put; what needs no
words is asked in every language.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest
from babel.dates import get_month_names
from chart_rules import SAID_CONFIRMED, form_of
from lint_charts import archive, spec

import kurskdata as kd
from kurskdata.embed import page
from kurskdata.embed.table import Trail
from kurskdata.tables import measure
from kurskdata.words.language import LANGUAGES, Words

DAY = "2025-03-14"


class _Cells(HTMLParser):
    """The rows of the table of a page, heads first, and the links of each row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.links: list[int] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "tr":
            self.rows.append([])
            self.links.append(0)
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.inside = True
        elif tag == "a" and self.inside:
            self.links[-1] += dict(attrs)["href"].startswith(("http", "sources.html#"))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th", "tr", "table")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


@dataclasses.dataclass(frozen=True)
class Told:
    """What a reader has: the alt text and the table."""

    alt: str
    rows: list[dict[str, str]]
    links: list[int]
    language: str
    chart: str = ""

    @property
    def w(self) -> Words:
        return Words(self.language)

    def column(self, name: str) -> list[str]:
        """The cells of a column, by its title in English."""
        return [row[self.w.plain(name)] for row in self.rows]

    @functools.cached_property
    def sentences(self) -> list[str]:
        # Neither the day "6." in German nor an initial ends a sentence.
        return re.split(r"(?<=[^\W\d][.?!])\s|(?<=[)%»”][.?!])\s|(?<=\d[.])\s(?=[^\W\d_a-zäöü])(?!(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez))", self.alt)  # fmt: skip

    def placed(self, text: str) -> list[tuple[int, int, dt.date]]:
        """The days in a text with where each begins and ends; one without a year has that of the one before."""
        names = "|".join(_months(self.language))
        found = list(re.finditer(rf"(\d{{1,2}})\.?\s+({names})\w*\.?(?:\s+(\d{{4}}))?", text))
        years = [int(one[3]) if one[3] else 0 for one in found]
        last, days = next(filter(None, years), 2025), []
        for one, year in zip(found, years, strict=True):
            last = year or last
            days.append((one.start(), one.end(), dt.date(last, _months(self.language)[one[2]], int(one[1]))))
        return days

    def days(self, text: str | None = None) -> list[dt.date]:
        """The days in a text, in its order."""
        return [date for *_, date in self.placed(self.alt if text is None else text)]

    def numbers(self, text: str | None = None) -> list[float]:
        """The numbers in a text, in its order."""
        point = "." if self.language == "en" else ","
        found = re.findall(r"\d+(?:[.,\s]\d{3})*(?:[.,]\d+)?", self.alt if text is None else text)
        plain = [re.sub(r"\s", "", one).replace("," if point == "." else ".", "").replace(point, ".") for one in found]  # fmt: skip
        return [float(one) for one in plain if one]

    def about(self, *words: str) -> str:
        """The first sentence that has all of these words; empty if none has."""
        return next((one for one in self.sentences if all(word in one for word in words)), "")

    def nearest_day(self, written: str) -> dt.date | None:
        """The day that stands nearest to a figure in one sentence with it."""
        for sentence in self.sentences:
            for found in re.finditer(rf"(?<![\d.,]){re.escape(written)}(?![\d]|[.,]\d)", sentence):
                days = self.placed(sentence)
                far = [(max(a - found.end(), found.start() - b), date) for a, b, date in days]
                if far and not any(a <= found.start() < b for a, b, _ in days):
                    return min(far)[1]
        return None


@functools.cache
def _months(language: str) -> dict[str, int]:
    """The names of months, whole and short, the longest first."""
    names: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            names |= {name.rstrip("."): n for n, name in get_month_names(width, context, language).items()}
    return dict(sorted(names.items(), key=lambda item: -len(item[0])))


@functools.cache
def told(name: str, language: str) -> Told:
    described = page.Described(spec(name, language, DAY), Trail())
    cells = _Cells()
    cells.feed(page.html(described).replace("\xa0", " "))
    heads, *rows = cells.rows
    return Told(
        described.alt.replace("\xa0", " "),
        [dict(zip(heads, row, strict=False)) for row in rows],
        cells.links[1:],
        language,
        name,
    )


@dataclasses.dataclass(frozen=True)
class Question:
    """A question, how a reader answers it, and what the data say; ``always``: in every language."""

    text: str
    answer: Callable[[Told], Any]
    truth: Callable[[], Any]
    always: bool = True


def form(t: Told) -> bool:
    return form_of(t.chart, t.language, t.alt)


def unconfirmed(t: Told) -> bool:
    return bool(re.search(SAID_CONFIRMED[t.language], t.alt, re.IGNORECASE))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


FIRST, LAST = day("2024-08-06"), day(DAY)
WHAT = Question("what form does the picture have?", form, lambda: True)
BEGINS = Question("which day is the first?", lambda t: min(t.days()), lambda: FIRST)
ENDS = Question("which day is the last?", lambda t: max(t.days()), lambda: LAST)


@functools.cache
def map_days() -> pd.DataFrame:
    maps = kd.area_held(as_of=DAY)
    return maps[maps["observer"] == "deepstate"].set_index("date")


@functools.cache
def announced() -> pd.DataFrame:
    return kd.settlements_per_day(as_of=DAY)


@functools.cache
def events() -> pd.DataFrame:
    return kd.timeline(as_of=DAY)


@functools.cache
def places() -> pd.DataFrame:
    found = kd.settlement_places(as_of=DAY)
    return found[~found["unofficial"]]


def by_map(t: Told) -> list[tuple[dt.date, float, float]]:
    """Days, held and with unclear areas, of the table's rows of DeepState."""
    rows = []
    for row in t.rows:
        # What DeepState said of itself is a figure; what its map showed is none.
        if not row.get(t.w.plain("Figure")) and "deepstate" in " ".join(row.values()).lower():
            written = next((v for v in row.values() if re.search(r"\d–\d|^\d+[.,]\d$", v)), "")
            ends = t.numbers(written.replace("–", " – "))
            found = re.search(r"20\d\d-\d\d-\d\d", " ".join(row.values()))
            if ends and found:
                rows.append((day(found[0]), ends[0], ends[-1]))
    return rows


def whole(t: Told, value: float) -> str:
    return t.w.number(round(value)).replace("\xa0", " ")


AREA = [
    WHAT,
    Question("in which unit?", lambda t: t.w.say("unit.km2").replace("\xa0", " ") in t.alt, lambda: True),
    BEGINS,
    ENDS,
    Question("how much was held at most?", lambda t: max(held for _, held, _ in by_map(t)), lambda: round(map_days()["held_km2"].max(), 1)),
    Question("when was that?", lambda t: t.nearest_day(whole(t, max(held for _, held, _ in by_map(t)))), lambda: day(str(map_days()["held_km2"].idxmax())[:10])),
    Question("how much on the last day?", lambda t: whole(t, by_map(t)[-1][1]) in t.alt and by_map(t)[-1][1], lambda: round(map_days()["held_km2"].iloc[-1], 1)),
    Question("how much of it on the last day with what is unclear?", lambda t: by_map(t)[-1][2], lambda: round(map_days()["with_unclear_km2"].iloc[-1], 1)),
    Question("whose claim does the title hold, with which words?", lambda t: "Gerasimov" in t.sentences[0] and "more than 86 %" in t.sentences[0], lambda: True, always=False),
    Question("is that confirmed?", unconfirmed, lambda: True),
]  # fmt: skip


def counts(t: Told) -> dict[dt.date, int]:
    return dict(zip(map(day, t.column("Date")), map(int, t.column("Settlements")), strict=True))


def most(t: Told) -> dt.date:
    return max(counts(t), key=counts(t).__getitem__)


def _five_days(t: Told) -> list[int]:
    found = re.search(r"\d+(?: \+ \d+)+ = \d+", t.alt)
    return [int(n) for n in re.findall(r"\d+", found[0])] if found else []


def _busiest() -> dt.date:
    days = announced()
    return day(str(days.loc[days["settlements"].idxmax(), "date"])[:10])


COUNTED = [
    WHAT,
    Question("is it confirmed?", unconfirmed, lambda: True),
    Question("which day is the last?", lambda t: max(t.days()), lambda: LAST),
    Question("how many on one day at most?", lambda t: max(counts(t).values()), lambda: int(announced()["settlements"].max())),
    Question("on which day?", lambda t: t.nearest_day(str(max(counts(t).values()))) == most(t) and most(t), _busiest),
    Question("how many were there in all by the last day?", lambda t: int(t.column("Settlements so far")[-1]), lambda: int(announced()["cumulative"].iloc[-1])),
    Question("how many on the last day?", lambda t: counts(t)[max(counts(t))], lambda: int(announced()["settlements"].iloc[-1])),
    Question("what do the five days add up to?", _five_days, lambda: [3, 4, 0, 12, 5, 24]),
    Question("who counted, and who announced them?", lambda t: "Gerasimov" in t.alt and "Ministry" in t.alt, lambda: True, always=False),
]  # fmt: skip

SETTLEMENTS = [
    *COUNTED,
    Question("which days does it show?", lambda t: sorted(counts(t)), lambda: [LAST - dt.timedelta(n) for n in range(9, -1, -1)]),
]  # fmt: skip

CAMPAIGN = [
    *COUNTED,
    Question("which day is the first?", lambda t: (min(counts(t)), min(t.days())), lambda: (FIRST, FIRST)),
]


def _located(t: Told) -> list[dict[str, str]]:
    """The rows of places that officials named."""
    unofficial = t.w.plain("Not officially")
    return [row for row in t.rows if not row.get(unofficial)]


LOCATOR = [
    WHAT,
    Question("where?", lambda t: "Kursk" in t.alt and "Sudzha" in t.alt, lambda: True, always=False),
    ENDS,
    Question("how many settlements?", lambda t: len(_located(t)), lambda: len(places())),
    Question("how many of them before, in and after the five days?", lambda t: sum(t.numbers(t.about("24", "27"))[n] for n in _steps(t)), lambda: len(places())),
    Question("how many in the five days?", lambda t: "24" in t.sentences[0], lambda: (places()["step"] == "window").sum() == 24 if "step" in places() else True),
    Question("how many have no known position?", lambda t: sum(1 for row in _located(t) if not _position(row)), lambda: int(places()["lat"].isna().sum())),
    Question("is that number told?", lambda t: float(sum(1 for row in _located(t) if not _position(row))) in t.numbers(), lambda: True),
    Question("on which day were most?", lambda t: _busiest() in t.days() and _busiest(), _busiest),
    Question("is the border exact?", lambda t: "approximate" in t.alt, lambda: True, always=False),
]  # fmt: skip


def _position(row: dict[str, str]) -> str:
    return next((cell for cell in row.values() if re.fullmatch(r"\d\d[.,]\d\d, \d\d[.,]\d\d", cell)), "")


def _steps(t: Told) -> list[int]:
    """The places of the three counts among the numbers of their sentence: those that follow a colon."""
    sentence = t.about("24", "27")
    counted = [float(n) for n in re.findall(r": (\d+)", sentence)]
    numbers = t.numbers(sentence)
    return [numbers.index(n) for n in counted]


def _disputed(t: Told) -> int:
    return sum(1 for cell in t.column("Disputed") if cell)


def _lanes(t: Told) -> float:
    """The sum of the sentence whose numbers add up to all events: those of the lanes."""
    return next(
        (
            sum(t.numbers(s))
            for s in t.sentences
            if len(t.numbers(s)) == 3 and sum(t.numbers(s)) == len(t.rows)
        ),
        0,
    )


def _months_of(t: Told) -> list[int]:
    """The counts of months: numbers that follow a year and a colon."""
    return [int(n) for n in re.findall(r"20\d\d: (\d+)\b", t.alt)]


def _by_month() -> list[int]:
    counted = Counter(str(date)[:7] for date in events()["date"])
    return [counted[month] for month in sorted(counted)]


TIMELINE = [
    WHAT,
    Question("how many events?", lambda t: float(len(t.rows)) in t.numbers() and len(t.rows), lambda: len(events())),
    BEGINS,
    ENDS,
    Question("how many are disputed?", lambda t: float(_disputed(t)) in t.numbers() and _disputed(t), lambda: int(events()["disputed"].sum())),
    Question("how many in the lane of each side?", _lanes, lambda: len(events())),
    Question("how many in each month?", _months_of, _by_month),
    Question("which months had most?", lambda t: sorted(_months_of(t))[-2:], lambda: sorted(_by_month())[-2:]),
    Question("when was the first of the main events?", lambda t: min(t.days()), lambda: day(str(events()["date"].min())[:10])),
    Question("what happened on 12 March 2025?", lambda t: "more than 86 %" in t.alt and "Gerasimov" in t.alt, lambda: True, always=False),
]  # fmt: skip


@functools.cache
def checked() -> pd.DataFrame:
    return kd.check_claims(kd.article_claims(as_of=DAY), as_of=DAY)


def _figure(t: Told, number: str) -> str:
    """The row of a figure of the article, as one text."""
    return next((" · ".join(row.values()) for row in t.rows if number in next(iter(row.values()))), "")


CLAIMS = [
    WHAT,
    Question("how many figures does it check?", lambda t: t.numbers(t.alt)[0] == len(t.rows) and len(t.rows), lambda: int(checked()["value"].notna().sum())),
    Question("how many need a second look?", lambda t: sum(1 for row in t.rows if row[t.w.plain("Look again")]), lambda: int(checked()["look"].sum())),
    Question("which?", lambda t: "400" in str([row for row in t.rows if row[t.w.plain("Look again")]]), lambda: True),
    Question("what stands against it?", lambda t: "430" in _figure(t, "400"), lambda: True),
    Question("who said 86 %, and when?", lambda t: [day("2025-03-12")] == t.days(_figure(t, "86"))[:1], lambda: True),
    Question("with which words?", lambda t: "Gerasimov" in _figure(t, "86") and "more than 86 %" in _figure(t, "86"), lambda: True, always=False),
    Question("what does the map allow?", lambda t: {83.0, 88.0} <= set(t.numbers(_figure(t, "86"))), lambda: True),
    Question("what do the five days add up to?", _five_days, lambda: [3, 4, 0, 12, 5, 24]),
    Question("who is divided over 425 sq mi?", lambda t: "DeepState" in _figure(t, "425") and "Russia Matters" in _figure(t, "425"), lambda: True),
]  # fmt: skip


def _fits(t: Told) -> list[tuple[int, int]]:
    """Pairs such as 9 of 12, in the order of the text."""
    of = {"en": "of", "de": "von", "uk": "(?:з|із)", "ru": "из"}[t.language]
    return [(int(a), int(b)) for a, b in re.findall(rf"\b(\d+) {of} (\d+)\b", t.alt)]


RECORD = [
    WHAT,
    Question("whose map?", lambda t: "DeepState" in t.alt, lambda: True),
    Question("is it confirmed?", unconfirmed, lambda: True),
    Question("when was the area largest on that map?", lambda t: day(str(map_days()["held_km2"].idxmax())[:10]) in t.days(), lambda: True),
    Question("how many claims of each side are drawn?", lambda t: sum(_sides(t).values()) == len(t.rows) and {*_sides(t).values()} <= {b for _, b in _fits(t)}, lambda: True),
    Question("how many sides are told apart?", lambda t: len(_sides(t)), lambda: 3),
    Question("which Ukrainian claim lies farthest off?", lambda t: "Syrskyi" in t.alt and "about 1,000 sq km" in t.alt, lambda: True, always=False),
    Question("by how much?", lambda t: float(round(max(map(float, _gaps(t)), default=0))) in {*t.numbers()} | {n + 1 for n in t.numbers()} | {n - 1 for n in t.numbers()}, lambda: True),
    Question("of which day is that?", lambda t: day("2024-08-12") in t.days(), lambda: True),
    Question("has every claim its source?", lambda t: min(t.links) > 0, lambda: True),
]  # fmt: skip


def _sides(t: Told) -> Counter[str]:
    return Counter(t.column("Side"))


def _gaps(t: Told) -> list[str]:
    cells = [list(row.values())[-2] for row in t.rows]
    return [str(t.numbers(cell)[0]) for cell in cells if t.numbers(cell) and not cell.startswith(("-", "−"))]


@functools.cache
def drawn_days() -> pd.DataFrame:
    """What the archive that the linter makes up draws, by day."""
    rows = measure.measure("deepstate", archive()).rows
    return rows[rows["date"] <= DAY].groupby("date")[["held_km2", "unclear_km2"]].sum()


def _held(t: Told, kind: str = "held") -> dict[dt.date, str]:
    """The days and areas that the alt text names."""
    word = t.w.text(f"{kind}: {{area}}", area="#").replace("\xa0", " ").partition("#")[0]
    found = re.finditer(rf"{word}([\d.,\s]+)", t.alt)
    return {[d for a, _, d in t.placed(t.alt) if a < one.start()][-1]: one[1].strip(" .,") for one in found}


def _truth(kind: str, day: Any = None) -> float:
    days = drawn_days()[f"{kind}_km2"]
    return round(days.iloc[-1] if day is None else days[day])


CONTROL = [
    WHAT,
    Question("whose map?", lambda t: "DeepState" in t.sentences[0], lambda: True),
    Question("where?", lambda t: "Kursk" in t.alt, lambda: True, always=False),
    Question("is it confirmed?", unconfirmed, lambda: True),
    Question("which days does it show?", lambda t: sorted(_held(t)) == [day(d) for d in t.column("Date")] and (min(_held(t)), max(_held(t))), lambda: (FIRST, day(drawn_days().index[-1]))),
    Question("when was most held?", lambda t: max(_held(t), key=lambda d: t.numbers(_held(t)[d])[0]), lambda: day(drawn_days()["held_km2"].idxmax())),
    Question("how much was that?", lambda t: max(t.numbers(" · ".join(_held(t).values()))), lambda: _truth("held", drawn_days()["held_km2"].idxmax())),
    Question("how much on the last day?", lambda t: t.numbers(_held(t)[max(_held(t))])[0], lambda: _truth("held")),
    Question("how much was unclear on the last day?", lambda t: t.numbers(_held(t, "unclear")[max(_held(t))])[0], lambda: _truth("unclear")),
    Question("has every day its source?", lambda t: min(t.links) > 0, lambda: True),
]  # fmt: skip


QUESTIONS = {
    "area": AREA,
    "settlements": SETTLEMENTS,
    "settlements-campaign": CAMPAIGN,
    "locator": LOCATOR,
    "timeline": TIMELINE,
    "claims": CLAIMS,
    "record": RECORD,
    "control": CONTROL,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_reader_without_the_picture_can_answer_ten_questions(name: str, language: str) -> None:
    asked = QUESTIONS[name]
    assert len(asked) == 10
    reader = told(name, language)
    wrong = {}
    for question in asked:
        if language == "en" or question.always:
            try:
                answer = question.answer(reader)
            except (IndexError, ValueError, KeyError) as fault:
                answer = f"no answer: {fault!r}"
            if answer != question.truth():
                wrong[question.text] = answer, question.truth()
    assert wrong == {}, reader.alt


def test_a_reader_finds_days_numbers_and_sentences() -> None:
    reader = Told("Am 6. August 2024 waren es 1.268 km², am 12. März 63,2 %. Das ist viel.", [], [], "de")
    assert reader.days() == [day("2024-08-06"), day("2024-03-12")]
    assert reader.numbers("1.268 km² und 63,2 %") == [1268, 63.2]
    assert reader.sentences[-1] == "Das ist viel."
    assert reader.nearest_day("63,2") == day("2024-03-12")
    assert reader.nearest_day("12") is None
