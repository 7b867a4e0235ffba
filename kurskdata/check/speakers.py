"""Who speaks: the names of an article matched with the claimants of the table ``area``, and whose figure a claimant carries."""

from __future__ import annotations

import functools
import re
from typing import Any

import pandas as pd

from kurskdata.prose.lexicon import pattern, table

_KINDS = ("person", "source", "body", "observer", "outlet", "side")
"""Of several names in one speaker the first of these counts: "Gerasimov, of Russia's General Staff" is Gerasimov."""

_SPEAK_FOR = {
    "Russian General Staff": frozenset({"Valery Gerasimov", "Sergei Rudskoi", "Russian General Staff"})
}
"""Who speaks for a body."""

ARTICLE = frozenset({"", "article"})
"""What stands for the article itself in the column of speakers."""


@functools.cache
def _spelled(speaker: str) -> list[str]:
    """The speakers of ``kurskdata/prose/speakers.toml`` whose spellings stand in a text, the most telling first."""
    found = []
    for name, one in table("speakers").items():
        hit = re.search(pattern(one["as"]), speaker.casefold())
        if hit or name.casefold() == speaker.casefold():
            found.append((_KINDS.index(one["kind"]), -len(hit.group() if hit else name), name))
    return [name for *_, name in sorted(found)]


class Speakers:
    """The claimants of the table ``area`` and the publishers that carry their figures."""

    def __init__(self, area: pd.DataFrame, publishers: dict[str, str]) -> None:
        self._sides = dict(zip(area["claimant"], area["side"], strict=True))
        self._publishers = publishers
        self.matched = functools.cache(self._matched)
        self.side_of = functools.cache(self._side_of)

    def _matched(self, speaker: str) -> frozenset[str]:
        """The claimants that a speaker of an article stands for; its own name where none is known."""
        found = next((one for one in self._sides if one.casefold() == speaker.casefold()), None)
        found = found or next(iter(_spelled(speaker)), speaker)
        return _SPEAK_FOR.get(found, frozenset({found}))

    def _side_of(self, speaker: str) -> str:
        """The side of a speaker: russia, ukraine or independent; empty for the article and for the unknown."""
        known = [self._sides[one] for one in self.matched(speaker) if one in self._sides]
        return known[0] if known else self.whole_side(speaker)

    def whole_side(self, speaker: str) -> str:
        """The side for which a name stands that means no single claimant, such as Moscow; else empty."""
        named = table("speakers").get(next(iter(_spelled(speaker)), ""), {})
        return str(named["side"]) if named.get("kind") == "side" else ""

    def origin(self, row: dict[Any, Any]) -> str:
        """Whose figure a row of ``area`` carries: ISW for an agency that measured its data, else the claimant."""
        text = row["capacity"] if isinstance(row["capacity"], str) and row["side"] == "independent" else ""
        named = (one for one in self._sides if re.search(rf"\b(from|of) (the )?{re.escape(one)}\b", text))
        return next(named, str(row["claimant"]))

    def carriers(self, row: dict[Any, Any]) -> str:
        """Who carries a row, in words: the publishers of its sources, and what its claimant's capacity tells."""
        return "; ".join(
            [str(row["capacity"]), *(self._publishers.get(one, "") for one in row["source_ids"].split(";"))]
        )
