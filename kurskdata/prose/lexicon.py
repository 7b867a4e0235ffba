"""The wordings of each language, from its TOML file: how numbers, units, days and speakers are written.

A wording is plain text: "*" stands for any ending, a space for a space, a hyphen or the full stop of an abbreviation.
"""

from __future__ import annotations

import functools
import re
import tomllib
from fractions import Fraction
from importlib.resources import files
from typing import Any, NamedTuple

LANGUAGES = ("en", "uk", "ru", "de")


class Hit(NamedTuple):
    """A wording found in a text: what it stands for, and its offsets."""

    kind: str
    start: int
    end: int


@functools.cache
def table(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


def pattern(wordings: Any, whole: bool = True) -> str:
    """A regular expression for any of the wordings, the longest first, as whole words or as parts of words."""
    groups: dict[tuple[str, str], list[str]] = {}
    for wording in sorted(_flat(wordings), key=lambda w: (-len(w), w)):
        part = re.escape(wording).replace(r"\~", r"\x7e").replace(r"\*", r"\w*").replace("'", "['’ʼ]")
        part = part.replace(r"\ ", r"(?:\.?(?:[^\S\n]|[-‐‑–—−])+|\.)")
        front = r"(?<![^\W\d])" if whole and wording[0].isalnum() else ""
        back = r"(?!\w)" if whole and (wording[-1].isalnum() or wording[-1] in "*²") else ""
        groups.setdefault((front, back), []).append(part)
    parts = [f"{front}(?:{'|'.join(some)}){back}" for (front, back), some in groups.items()]
    return f"(?:{'|'.join(parts) or '(?!)'})"


def _flat(value: Any) -> set[str]:
    parts = value.values() if isinstance(value, dict) else value
    return {value} if isinstance(value, str) else {one for part in parts for one in _flat(part)}


@functools.cache
def known_words(language: str) -> set[str]:
    """All words of the wordings of a language, in small letters."""
    return {word for one in _flat(table(language)) for word in re.findall(r"[^\W\d]+", one.lower())}


def _spaced(template: Any) -> str:
    return re.sub(r"(?<![\\\w])_", r"[^\\S\\n]", template).replace("~", r"(?:[^\S\n]|[-‐‑–—−])*")


class Lexicon:
    """The wordings of one language, compiled. There is one for each language, kept for good."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words: dict[str, Any] = {**table("common"), **table(language), "speakers": {}}
        for name, one in table("speakers").items():  # some wordings mean another speaker in another language
            self.words["speakers"].setdefault(one.get(language, name), []).extend(one["as"])
        self.values: dict[str, dict[str, Fraction]] = {}
        for kind in ("numbers", "scales", "fractions"):
            self.values[kind] = {w: Fraction(v) for v, forms in self.words[kind].items() for w in forms}
        self.words["every"] = [word for forms in self.values.values() for word in forms]
        self.rx = functools.cache(self._compiled)
        self.kinds = functools.cache(self._kinds)
        self.lists = functools.cache(lambda of: [(k, self.rx(pattern(v))) for k, v in self.words[of].items()])
        self.hits = functools.lru_cache(4096)(self._hits)

    def _compiled(self, template: str) -> re.Pattern[str]:
        """A template, or the name of one of ``common.toml``, as an expression."""
        filled, found = "", _spaced(self.words.get(template, template))
        while found != filled:
            filled, found = found, re.sub(r"(?<!P)<([@=]?)([a-z][\w.]*)>", self._filled, found)
        return re.compile(filled.replace("\n|", "|"), re.IGNORECASE)

    def _filled(self, m: re.Match[str]) -> str:
        value = functools.reduce(lambda part, key: part[key], m[2].split("."), self.words)
        return f"(?:{_spaced(value)})" if m[1] == "@" else pattern(value, whole=not m[1])

    def _kinds(self, template: str, *sections: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
        """A template in which <> is any list of the sections, each in a group, and the names of the groups."""
        lists = {key: f"({pattern(forms)})" for name in sections for key, forms in self.words[name].items()}
        filled = _spaced(self.words.get(template, template))
        names = (*lists,) * filled.count("<>")
        return self.rx(filled.replace("<>", f"(?:{'|'.join(lists.values())})")), names

    def _hits(self, text: str, section: str) -> list[Hit]:
        """Every wording of a section in the order of the text. Those of one list do not overlap."""
        found = (Hit(k, *m.span()) for k, rx in self.lists(section) for m in rx.finditer(text))
        return sorted(found, key=lambda h: h.start)


lexicon = functools.cache(Lexicon)


def language_of(text: str) -> str:
    """The language whose most frequent words and own letters a text holds most of."""
    words = re.findall(r"\w+", text.lower())
    counts = {name: sum(word in table(name)["detect"] for word in words) for name in LANGUAGES}
    letters = {name: sum(map(text.lower().count, table(name)["letters"])) for name in LANGUAGES}
    return max(LANGUAGES, key=lambda name: counts[name] + letters[name])
