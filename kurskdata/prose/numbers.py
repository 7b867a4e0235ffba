"""Every number of a text, in digits or words, with its range, its qualifier and what it counts; and every day."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from kurskdata.prose.lexicon import LANGUAGES, Lexicon, lexicon
from kurskdata.prose.lines import unwrapped

YEARS = range(1900, 2101)
"""The years that a date may have: what else looks like one is none."""
START, WAR = dt.date(2024, 8, 6), dt.date(2022, 2, 24)
COUNTS = ("km2", "sq_mi", "persons", "settlements", "assaults")


@dataclass
class Number:
    """A number as it is written.

    ``start`` and ``end`` take in its qualifier and what it counts, ``core`` does not. ``unit`` is a key of [units],
    *percent* for a fraction, or empty; ``why`` says why it is left out; ``part`` and ``base`` mark "801 of the 1,268".
    """

    start: int
    end: int
    core: tuple[int, int]
    why: str = ""
    value: float = 0
    value_to: float | None = None
    qualifier: str = "exact"
    unit: str = ""
    part: bool = False
    base: bool = False


def numbers(text: str, lex: Lexicon, dates: list[tuple[int, int]]) -> list[Number]:
    """All numbers in the order of the text. Those inside ``dates``, and what is no count, say ``why``."""
    found = [Number(a, b, (a, b), "date") for a, b in dates]
    for m in lex.rx("phrase").finditer(text):
        start, end = m.span()
        if not any(a < end and start < b for a, b in dates):
            code = "name or code" if sum(map(str.isdigit, m[0])) > 15 else ""
            reason = lex.words["reasons"].get(m.lastgroup, code)
            found.append(one := Number(start, end, (start, end), reason))
            if not one.why:
                _value(one, m[0], text, lex)
                _counted(one, text, lex)
    return _joined(sorted(found, key=lambda n: n.start), text, lex)


def _value(one: Number, written: str, text: str, lex: Lexicon) -> None:
    """The value of a phrase such as "1,5 тыс.", "two and a half thousand", "vierundzwanzig", "two thirds"."""
    total, current, fraction, linked = Fraction(0), Fraction(0), False, False
    parts = [re.sub("[’ʼ]", "'", part.lower()) for part in lex.rx("parts").findall(written)]
    parts = parts or [written.lower()]
    for i, part in enumerate(parts):
        if part[0].isdigit():
            current += digits(part, lex, scaled=len(parts) > i + 1)
        elif scale := lex.values["scales"].get(part):
            current = (current or 1) * scale
            total, current = (total + current, Fraction(0)) if scale >= 1000 else (total, current)
        elif piece := lex.values["fractions"].get(part):
            current, fraction = current + piece if linked or not current else current * piece, True
        else:
            current += lex.values["numbers"].get(part, Fraction(part == written.lower()))
        linked = part in lex.words["and"]
    one.value = float(min(total + current, Fraction(10**15)))
    article = lex.rx("<articles>~$").search(text[max(0, one.start - 12) : one.start])
    if article and not parts[0][0].isdigit():
        one.start -= len(article[0])
    if fraction and one.value < 1:
        one.unit = "fraction"
        sure = article or len(parts) > 1 or lex.rx("~<ranges.of>").match(text, one.core[1])
        one.why = "" if sure or written.lower() not in lex.words["ordinal_fractions"] else "ordinal"
    elif len(parts) == 1 and written.lower() in lex.words["plural"]:
        one.why = "no exact number"


def digits(written: str, lex: Lexicon, scaled: bool) -> Fraction:
    """The value of digits. Three digits after one mark are thousands, unless a scale such as "thousand" follows."""
    compact = re.sub(r"[\s'’]", "", written)
    grouped = re.fullmatch(r"([1-9]\d{0,2}(?:[.,]\d{3})+?)([.,]\d{1,2}|[.,]\d{4,})?", compact)
    if grouped and not (scaled and not grouped[2] and compact.count(lex.words["decimal"]) == 1):
        return Fraction(re.sub("[.,]", "", grouped[1]) + (grouped[2] or "").replace(",", "."))
    return Fraction(compact.replace(",", "."))


def _counted(one: Number, text: str, lex: Lexicon) -> None:
    """What the number counts: said by the rest of its word, the next words, or a label before it; its qualifier."""
    (counted, names), (label, labels) = lex.kinds("counted", "units", "nouns"), lex.kinds("labelled", "units")
    before, befores = lex.kinds("qualified", "qualifiers")
    after, afters = lex.kinds("after", "afterwards")
    rest = re.compile(r"[-‐‑]?(\w*)").match(text, one.core[1])
    word = rest[1].lower() if rest else ""
    glued = [k for k, forms in lex.words["glued"].items() if word.startswith(tuple(forms))]
    if glued and rest:
        one.unit, one.end = glued[0], rest.end()
    elif m := counted.match(text, one.core[1]):
        kind, one.end = names[(m.lastindex or 1) - 1], m.end()
        share = "a share of something else" if one.unit == "fraction" and kind in COUNTS else ""
        one.why = one.why or share or (kind if kind in lex.words["nouns"] else "")
        one.unit = kind
    elif not one.unit and (m := label.search(text[max(0, one.start - 100) : one.start])):
        one.unit = labels[(m.lastindex or 1) - 1] if labels[(m.lastindex or 1) - 1] in COUNTS else ""
    if one.unit == "fraction":
        one.unit, one.value = "percent", round(one.value * 100, 1)
    if m := before.search(text[max(0, one.start - 48) : one.start]):
        one.qualifier, one.start = befores[(m.lastindex or 1) - 1], one.start - len(m[0])
    elif m := after.match(text, one.end) or after.match(text, one.core[1]):
        one.qualifier = afters[(m.lastindex or 1) - 1]
    if one.qualifier != "exact" and text[slice(*one.core)].lower() in lex.words["genitive"]:
        one.why = ""  # "not less than a thousand", where the genitive is written like "thousands"
    year = re.fullmatch(r"(?:19|20)\d\d", text[slice(*one.core)])
    if year and (one.unit in ("", "years", "months") or len(text[one.core[1] : one.end].split()) > 2):
        one.why, one.end = "date", one.core[1]


def _joined(found: list[Number], text: str, lex: Lexicon) -> list[Number]:
    """Two numbers joined to a range; a number that takes its unit from the next one."""
    joined: list[Number] = []
    for one in reversed(found):
        after = joined[-1] if joined else None
        joined.append(one)
        if one.why or not after or after.why or after.core[0] - one.core[1] > 60:
            continue
        gap, before = text[one.core[1] : after.core[0]], text[max(0, one.start - 60) : one.core[0]]
        link, opens = lex.rx("linked").fullmatch(gap), lex.rx("opened").search(before)
        changed = opens and lex.rx("<ranges.change>").search(before)
        by_amount = after.unit in COUNTS and lex.rx("by_amount").search(before)
        sure = link and not by_amount and (opens or lex.rx("<ranges.alone>").fullmatch(link["link"]))
        same = one.unit in ("", after.unit)
        if changed and link:
            one.why = "an earlier value, whose day is not given"
        elif same and one.value < after.value and (sure or lex.rx("hyphen").fullmatch(gap)):
            one.value_to, one.end, one.unit, one.base = after.value, after.end, after.unit, after.base
            joined[-2:] = [one]
        elif same and after.unit in COUNTS and lex.rx("part_of").fullmatch(gap):
            one.unit, one.part, after.base = after.unit, True, True
        elif not one.unit and link:
            one.unit = after.unit
    for last, one in itertools.pairwise(joined[::-1]):
        gap, known = text[last.end : one.start], last.unit in COUNTS and not last.why
        whole = lex.rx("<ranges.of>~(?:\\w+~)?$").search(text[max(0, last.start - 40) : last.start])
        alone = not one.unit and one.value != 1 and re.match(r"\s*(?:[^\w\s]|$)", text[one.end : one.end + 3])
        same = bool(whole) and one.unit in ("", last.unit) and one.value <= last.value
        if known and (alone or same) and not one.why and not re.search(r"[.!?]\s|.{80}", gap):
            one.unit, one.part, last.base = last.unit, bool(whole), last.base or bool(whole)
    for one in joined:
        if not one.unit and not one.why and one.value == 1 and text[one.core[0]].isalpha():
            one.why = "the word one"
    return joined[::-1]


class Named(NamedTuple):
    """A day or a period in the text; ``stated`` is False for a month and for a mere starting day."""

    start: int
    end: int
    first: dt.date
    last: dt.date
    stated: bool = True


def dateline(text: str) -> dt.date | None:
    """The first day with a year in the first lines of a text, in any of the languages."""
    head = unwrapped(text)[0][:1500]
    every = [d for name in LANGUAGES for d in _dates(head, lexicon(name), None) if d.stated]
    return min(every).last if every else None


def _dates(text: str, lex: Lexicon, today: dt.date | None) -> list[Named]:
    """Dates in letters and digits; one without a year is the latest such day up to ``today``."""
    found: list[Named] = []
    months, names = lex.kinds("<>", "months")
    for m in (m for form in lex.words["dates"] for m in lex.rx(form).finditer(text)):
        parts = dict.fromkeys("aznmy", "") | {k: v or "" for k, v in m.groupdict().items()}
        named = months.fullmatch(parts["m"])
        month = int(names[(named.lastindex or 1) - 1] if named else parts["n"] or 12)
        year = int(parts["y"] or (today or START).year)
        days = [int(re.sub(r"\D", "", parts[k] or parts["d"]) or 1) for k in "az"]
        small = lex.language in ("en", "de") and parts["m"][:1].islower()
        known = not small and (parts["y"] or today) and 1 <= month <= 12 and min(days) >= 1 and year in YEARS
        if known and max(days) <= 31 and not any(o.start < m.end() and m.start() < o.end for o in found):
            days = days if "e" not in m.groupdict() else [calendar.monthrange(year, month)[1]] * 2
            first, last = (dt.date(year, month, 1) + dt.timedelta(day - 1) for day in days)
            # A later day of these weeks stays.
            if not parts["y"] and today and last > today + dt.timedelta(60):
                first, last = first.replace(year=year - 1), last.replace(year=year - 1)
            found.append(Named(*m.span(), first, last, bool(parts["d"]) or "e" in parts))
    return found


def named_days(text: str, lex: Lexicon, today: dt.date) -> list[Named]:
    """Every day that the text names: dates, weekdays, "yesterday".

    The first day of the campaign is no statement's, nor is the day of a dateline: "KYIV, March 14 (dpa) -"."""
    found = _dates(text, lex, today)
    days = [(h, (today.weekday() - int(h.kind)) % 7) for h in lex.hits(text, "weekdays")]
    spans = [h for h in lex.hits(text, "relative") if not lex.rx("spanned").search(text, 0, h.start)]
    days += [(h, int(h.kind)) for h in spans if h.kind.isdigit()]
    monday = today - dt.timedelta(today.weekday())
    before, weekend = monday - dt.timedelta(1), monday + dt.timedelta(5 if today.weekday() > 4 else -2)
    periods = {
        "this_week": (monday, max(monday, today - dt.timedelta(1))),
        "last_week": (monday - dt.timedelta(7), before),
        "weekend": (weekend, min(weekend + dt.timedelta(1), today)),
    }
    found += [Named(h.start, h.end, *periods[h.kind]) for h in spans if h.kind in periods]
    found += [Named(h.start, h.end, today - dt.timedelta(n), today - dt.timedelta(n)) for h, n in days]
    for i, d in enumerate(found):
        since = d.first == d.last and lex.rx("since").search(text[max(0, d.start - 30) : d.start])
        known = d.stated and d.last <= today and d.first not in (START, WAR)
        heads = abs((today - d.last).days) <= 1 and re.search(r"(?:^|\n)[^\n.!?]{0,40}$", text[: d.start])
        heads = heads and re.match(r"(?: ?\([^)\n]{1,25}\)\.?)? ?[—–-]+ ", text[d.end : d.end + 35])
        found[i] = d._replace(stated=bool(known and not since and not heads))
    return sorted(found)


def back(last: dt.date, amount: float, unit: str) -> dt.date:
    """The first day of a period of so many days, weeks, months or years that ends on ``last``; the calendar begins in year 1."""
    if unit not in ("months", "years"):
        days = max(round(amount * (7 if unit == "weeks" else 1)), 1)
        return last - dt.timedelta(min(days, last.toordinal()) - 1)
    months = max(last.year * 12 + last.month - 1 - round(amount * (12 if unit == "years" else 1)), 12)
    return dt.date(months // 12, months % 12 + 1, min(last.day, 28))
