"""The page of a check: the article as it stands with its figures marked, and beside each its line and its evidence."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from kurskdata import disk
from kurskdata.check.setting import ARTICLE
from kurskdata.prose import CLAIMS
from kurskdata.prose.lexicon import language_of
from kurskdata.prose.lines import unwrapped
from kurskdata.prose.numbers import dateline
from kurskdata.tables import spreadsheet
from kurskdata.tables.descriptor import descriptor
from kurskdata.tables.export import archived, is_web_address
from kurskdata.tables.reader import by_id
from kurskdata.words import headings
from kurskdata.words.figures import label
from kurskdata.words.language import Words

if TYPE_CHECKING:
    from kurskdata.check import Checked

Row = dict[str, Any]


class Piece(NamedTuple):
    """A part of a paragraph: plain, the figure of claims, or a number that was left out and why."""

    text: str
    claims: list[Row]
    why: str = ""


def placed(claims: pd.DataFrame) -> dict[Any, Any]:
    """What the ``attrs`` of a check hold of its article: ``text``, ``left_out``, and the ``places`` of claims by id.

    Claims of which no text is known stand in the text of their sentences.
    """
    attrs: Any = {"left_out": [], **claims.attrs}
    known, places = attrs.get("text"), {}
    text = known or "\n".join(dict.fromkeys(s for s in claims.get("sentence", ()) if isinstance(s, str)))
    for row in claims.to_dict("records"):
        start, end, sentence, words = (row.get(name) for name in ("start", "end", "sentence", "text"))
        if not known and isinstance(sentence, str):
            at, words = text.find(sentence), words if isinstance(words, str) else ""
            start, end = (at + sentence.find(words), len(words)) if words in sentence else (at, 0)
            end = start + (end or len(sentence))
        elif not known:
            continue
        if pd.notna(start) and pd.notna(end) and 0 <= start < end <= len(text):
            places[str(row["claim_id"])] = (int(start), int(end))
    return {**attrs, "text": text, "places": places}


def html(checked: Checked, *, whole: bool = True) -> str:
    """The result of `check_claims` as a page of its own or, unless ``whole``, as a part of one such as a notebook."""
    from kurskdata.templates import filled

    attrs: Any = checked.attrs
    w = Words(attrs["language"])
    claims = _claims(checked, w)
    left_out = [{**one, "why": headings.value("why", one["why"], w)} for one in attrs["left_out"]]
    paragraphs = _paragraphs(attrs["text"], claims, left_out)
    paragraphs += [[Piece("", [claim])] for claim in claims if not claim["place"]]
    cut, stated = checked.cut, dateline(attrs["text"]) if attrs["text"] else None
    return filled(
        "check.html", whole=whole, t=w.text, plural=w.plural, language=w.language, paragraphs=paragraphs, claims=claims,
        look=[claim for claim in claims if claim["look"]], left_out=len(left_out), own_rows=headings.own_rows(w),
        day=w.date(cut) if cut is not None else "", stated=cut is not None and stated == cut.date(),
        spoken=language_of(attrs["text"]), version=descriptor()["version"],
    )  # fmt: skip


def _claims(checked: Checked, w: Words) -> list[Row]:
    """The claims in the order of the text, with what the page says of each."""
    pages, places = by_id("sources"), checked.attrs["places"]
    found: dict[str, list[Row]] = {}
    evidence: Any = checked.evidence.to_dict("records")
    claims: Any = pd.DataFrame(checked).to_dict("records")
    for one in evidence:
        sources = [pages[i] for i in one["source_ids"].split(";") if i in pages] if one["source_ids"] else []
        links = [(s["publisher"], s["url"], archived(s)) for s in sources if is_web_address(s["url"])]
        names = {name: headings.value(name, one[name], w) for name in ("question", "status")}
        found.setdefault(one["claim_id"], []).append({**one, **names, "sources": links})
    for row in claims:
        row |= {"place": places.get(row["claim_id"]), "evidence": found.get(row["claim_id"], [])}
        read = ("window_start", "window_end", "as_of", "measure", "speaker")
        first, last, day, measure, who = (None if pd.isna(row[name]) else row[name] for name in read)
        spoken = w.text("the article itself") if (who or "") in ARTICLE else w.plain(str(who))
        days = w.days(first, last) if first and last else w.date(day) if day else ""
        row["read"] = [*filter(None, (row["claim_id"], spoken, label(measure, w) if measure else "", days))]
        asked = [name for name in ("said", "adds_up", "others") if row[name] != "not_asked"]
        row["answers"] = [headings.value(name, row[name], w) for name in asked]
    claims.sort(key=lambda row: row["place"] or (len(checked.attrs["text"]) + 1,))
    return [{**row, "n": n} for n, row in enumerate(claims, 1)]


def _paragraphs(text: str, claims: list[Row], left_out: list[Row]) -> list[list[Piece]]:
    """The paragraphs of a text, without blank ones, cut where a figure or another number stands."""
    marks = [(*row["place"], row) for row in claims if row["place"]]
    marks += [(one["start"], one["end"], one) for one in left_out]
    waiting, found, at = deque(sorted(marks, key=lambda mark: mark[:2])), [], 0
    flat, places = unwrapped(text)
    for end in [*(place for place, c in zip(places, flat, strict=True) if c == "\n"), len(text)]:
        pieces, done = list[Piece](), at
        while waiting and waiting[0][0] <= end:
            start, stop, row = waiting.popleft()
            own = [row] if "line" in row else []
            if start < done:  # two claims of one figure
                pieces[-1].claims.extend(own)
                continue
            done, before = min(stop, end), text[done:start]
            pieces += [Piece(before, []), Piece(text[start:done], own, row.get("why", ""))]
        if text[at:end].strip():
            found.append([*pieces, Piece(text[done:end], [])])
        at = end + 1
    return found


def write(checked: Checked, claims: pd.DataFrame, folder: Path, given: Path) -> list[Path]:
    """Writes ``check.html``, ``claims.csv`` and, where the text is known, ``check.txt``; returns their paths.

    The file ``given`` to the check is left as it is. ``claims.csv`` can be corrected and checked again. Raises InputError for a folder that cannot be made, OSError where a file cannot be written.
    """
    extra = [c for c in claims.columns if c not in CLAIMS and claims[c].notna().any()]
    table = claims.reindex(columns=[*CLAIMS, *extra]).assign(published=checked.cut)
    files = {"check.html": html(checked), "claims.csv": spreadsheet.written(table)}
    if text := claims.attrs.get("text"):
        files["check.txt"] = text
    disk.make_folder(folder, "output folder")
    for name, content in files.items():
        if (folder / name).resolve() != given.resolve():
            disk.write(folder / name, content)
    return [folder / name for name in files]
