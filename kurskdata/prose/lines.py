"""Lines that only the width of a text has broken, words that a hyphen parts at their ends, and marks that nobody sees."""

from __future__ import annotations

import itertools
import re

from kurskdata.prose.lexicon import known_words, language_of, lexicon

_ITEM = re.compile(r"\s*(?:[-•*·▪◦>#]+\s|[–—]\s+[^\Wa-zа-яіїєґäöüß]|\(?\w{1,2}\)\s)")
_CHANGED = re.compile(r"[^\S\n]*\n[^\S\n]*|[^\S\n ]|[\u00ad\u200b-\u200d\u2060\ufeff]")
_NUMBERED = re.compile(r"\s*\d+\.\s")
_ENDED, _RUNNING = re.compile(r"[.!?…:;][»”\"'’)]*$"), re.compile(r"[.!?…][»”\"’)]*\s")
_WIDEST = 120
"""Characters of a line that was wrapped, at most: longer ones are paragraphs."""


def unwrapped(text: str) -> tuple[str, list[int]]:
    """The text with each paragraph on a line of its own, and for each of its characters where it stood.

    Blank lines and items of lists end a paragraph. Else it goes on where the next line begins with a small letter, where
    its sentence, not the first one, has no end, where the name of a speaker does, or where the text is wrapped and the next
    word had no room.
    """
    lines, ends = [line.rstrip() for line in text.split("\n")], list[tuple[str, str, bool, bool, bool]]()
    width, language = max(map(len, lines)), language_of(text)
    speakers, _ = lexicon(language).kinds("<>", "speakers")
    for a, b in itertools.pairwise(lines):
        item = _ITEM.match(b) or (_NUMBERED.match(b) and (_ENDED.search(a) or _NUMBERED.match(a)))
        inner = bool(a and b and not item)
        full, small = inner and len(a) + len(b.split()[0]) >= width, inner and b.lstrip()[0].islower()
        ends.append((a, b, inner, full, small))
    within, filled, smalls = (sum(bool(end[n]) for end in ends) for n in (2, 3, 4))
    wrapped = width <= _WIDEST and 2 * filled >= within and filled + smalls > 1
    found, at, paragraph, done, waiting = list[str](), list[int](), "", 0, iter(ends)
    for m in _CHANGED.finditer(text):
        start, put = m.start(), " " if m[0].isspace() else ""
        paragraph += text[done:start]
        if "\n" in m[0]:
            a, b, inner, full, small = next(waiting)
            parted = re.search(r"(\w+)([-‐])?\u00ad?$", a) if inner and a[-1] in "-‐\u00ad" else None
            runs_on = small or (wrapped and full) or (_RUNNING.search(paragraph) and not _ENDED.search(a))
            names = speakers.finditer(f"{a[-60:]} {b[:60]}") if inner and not runs_on else ()
            runs_on = runs_on or any(name.start() < len(a[-60:]) < name.end() for name in names)
            put = "" if parted else " " if inner and runs_on else "\n"
            if parted and parted[2] and small:  # the hyphen of twenty-four stays
                halves = {parted[1].lower(), *re.findall(r"\w+", b)[:1]}
                start -= not (parted[1].isdigit() or halves <= known_words(language))
            paragraph = "" if put == "\n" else paragraph
        found += text[done:start], put
        at += [*range(done, start), *[start] * len(put)]
        paragraph, done = paragraph + put, m.end()
    return "".join([*found, text[done:]]), [*at, *range(done, len(text))]
