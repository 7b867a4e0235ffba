"""What each number of a text is, who said it and of which day: a claim that the check can handle, or why it is none."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any, NamedTuple

from kurskdata.prose.lexicon import Hit, language_of, lexicon, table
from kurskdata.prose.lines import unwrapped
from kurskdata.prose.numbers import START, WAR, Number, back, named_days, numbers

ASKED, BACKGROUND, DAYS, FEW, PRONOUNS = (one for _, one in sorted(table("common")["rules"].items()))
PAIRS, PERIODS = (("km2", "sq_mi"), ("km", "mi")), ("days", "weeks", "months", "years")
RANK = {"person": 0, "source": 0, "body": 0, "said": 0, "observer": 1, "side": 2, "outlet": 3}
"""Kinds of speakers, those who count first before the others: *said* is a pronoun, *side* a country or an army."""
OTHERS = {"russia": "ukraine", "ukraine": "russia"}
LONGEST = 1200
"""Characters of a sentence: what is longer is a list or a table, and is cut."""
AUTUMN = dt.date(2024, 9, 10)
"""Until the Russian counter-attack of that day what Ukraine had seized was what it held."""

Period = tuple[dt.date, dt.date]


class Voice(NamedTuple):
    """A speaker named in the text."""

    start: int
    end: int
    name: str
    kind: str
    side: str


class Sentence(NamedTuple):
    """A sentence, or all of a quotation; its number and line; the ends of its clauses; who speaks in it."""

    start: int
    end: int
    text: str
    at: int
    line: int
    heading: bool
    breaks: list[int]
    said: list[Voice]

    def clause(self, position: int) -> tuple[int, int]:
        """Offsets in the text of the clause round a position, between words such as "while"."""
        low = max((cut for cut in self.breaks if cut <= position), default=self.start)
        return low, min((cut for cut in self.breaks if cut > position), default=self.end)


@dataclass
class Found:
    """A number, its sentence and what is read of it: a measure or, without one, why it is left out."""

    number: Number
    sentence: Sentence
    voice: Voice | None
    day: dt.date
    window: Period | None = None
    measure: str = ""
    why: str = ""
    cue: str = ""
    side: str = ""
    equal: bool = False
    met: bool = False


class Reader:
    """Reads one text; ``found`` has its numbers in order."""

    def __init__(self, text: str, day: dt.date) -> None:
        self.given, self.day, self.lex = text, day, lexicon(language_of(text))
        self.text, self.at = unwrapped(text)
        text = self.text
        self.rx, self.hits = self.lex.rx, self.lex.hits
        self.days = named_days(text, self.lex, day)
        dates = [(d.start, d.end) for d in self.days if any(c.isdigit() for c in text[d.start : d.end])]
        self.numbers = numbers(text, self.lex, dates)
        self.home = "russia" if self.rx("russian_outlet").search(text) else "ukraine"
        self.sentences = self._sentences()
        self.found: list[Found] = []
        for n in self.numbers:
            last = next((o for o in reversed(self.found) if o.number.why != "date"), None)
            self.found.append(self._read(n, last))
        # A heading takes speaker, day and reading from the next sentence with the same figure.
        for one in (o for o in self.found if o.measure and o.sentence.heading):
            same = (o for o in self.found if o.measure and o.sentence.at > one.sentence.at)
            same = (o for o in same if (o.number.value, o.number.unit) == (one.number.value, one.number.unit))
            o, told = next(same, one), one.voice
            own = o.voice if told else None
            same_side = own and told and own.side == told.side and own.kind == "person" != told.kind
            if not told or (own and (told.kind == "outlet" or own.name == told.name)) or same_side:
                one.voice, one.day, one.window, one.measure = o.voice, o.day, o.window, o.measure

    def _sentences(self) -> list[Sentence]:
        """The sentences, a line being a paragraph, with those who speak in them."""
        found: list[Sentence] = []
        for number, line in enumerate(self.rx(r"[^\n]*\S[^\n]*").finditer(self.text)):
            cuts = [line.start()]
            for end in (line.start() + m.end() for m in self.rx("stop").finditer(line[0])):
                cuts += [] if self.rx("unfinished").search(self.text[cuts[-1] : end]) else [end]
            heading = len(cuts) == 1 and not self.rx("finished").search(line[0])
            ends = [*cuts[1:], line.end()]
            cuts = [cut for a, b in zip(cuts, ends, strict=True) for cut in range(a, b, LONGEST)]
            for a, b in itertools.pairwise([*cuts, line.end()]):
                breaks = [m.end() for m in self.rx("<breaks>").finditer(self.text, a, b)]
                found.append(Sentence(a, b, self.text[a:b], len(found), number, heading, breaks, []))
        sides = {name: (one["kind"], one["side"]) for name, one in table("speakers").items()}
        speakers, names = self.lex.kinds("<>", "speakers")
        spans = [(m.span(), names[(m.lastindex or 1) - 1]) for m in speakers.finditer(self.text)]
        # "The General Staff" is the one named in full, else that of the side whose official is named first.
        staffs = [name for _, name in spans if name.endswith(" General Staff")]
        own = [sides[name][1] for _, name in spans if RANK[sides[name][0]] == 0 and sides[name][1] in OTHERS]
        staffs += [f"{'Russian' if [*own, self.home][0] == 'russia' else 'Ukrainian'} General Staff"]
        spans = [(span, staffs[0] if name == "General Staff" else name) for span, name in spans]
        named = [Voice(*span, name, *sides[name]) for span, name in spans]
        credited = self.rx(r"[\w/ -]{0,20}\)\s*[-–—:]")  # "KYIV (dpa) - "
        own = [v for v in named if v.kind == "outlet" and credited.match(self.text, v.end)]
        self.agency, named = next(iter(own), None), [v for v in named if v not in own]
        for s in found:
            inside = [v for v in named if s.start <= v.start < s.end]
            to, by, data = (self.rx(self.lex.words["speaks"][k]) for k in ("to", "by", "computed_from"))
            marked = {v: self._marks(s.start, s.end, inside, v) for v in inside}
            inside = [v for v in inside if by.search(marked[v]) or not to.search(marked[v])]
            computed = any(v.kind == "outlet" for v in inside)  # by an outlet, from others' data
            inside = [v for v in inside if v.kind == "outlet" or not (computed and data.search(marked[v]))]
            s.said.extend(v for v in inside if self._speaks(v, s, inside))
            for kind, kinds in PRONOUNS.items():
                for a, b in (m.span() for m in self.rx(f"{kind}_says").finditer(self.text, s.start, s.end)):
                    pools = [v for o in found[: s.at + 1] for v in o.said], named
                    last = [[v for v in pool if v.start < a and v.kind in kinds][-1:] for pool in pools]
                    if not any(a <= v.start <= b + 2 for v in inside):
                        s.said.extend(v._replace(start=a, end=b, kind="said") for v in last[0] or last[1])
            s.said.sort()
        return found

    def _speaks(self, v: Voice, s: Sentence, inside: list[Voice]) -> bool:
        """Whether a template of [speaks] fits: ◆ is the speaker, ◇ are others of its rank."""
        whole, rules = self._marks(s.start, s.end, [v], v), self.lex.words["speaks"]
        clause = self._marks(*s.clause(v.start), [o for o in inside if RANK[o.kind] <= RANK[v.kind]], v)
        if v.kind == "observer" or self.rx(rules["by"]).search(whole):
            return True
        fits = self.rx(rules["side" if v.kind == "side" else "verb"]).search(clause)
        titled = v.kind != "side" and self.rx(rules["heading" if s.heading else "colon"]).search(whole)
        return bool(fits or titled) and not self.rx(rules["object"]).search(clause)

    def _marks(self, start: int, end: int, voices: list[Voice], v: Voice) -> str:
        """A part of the text with ◆ before one speaker and ◇ before the others."""
        text = self.text[start:end]
        for o in sorted((o for o in voices if start <= o.start < end), reverse=True):
            text = text[: o.start - start] + ("◆" if o == v else "◇") + text[o.start - start :]
        return text

    def _marked(self, s: Sentence, start: int, end: int) -> str:
        return self.text[s.start : start] + "◆" + self.text[end : s.end]

    def _voice(self, s: Sentence, position: int, inherit: bool) -> Voice | None:
        """Who says what stands at a position; None where it is the article itself."""
        low, high = s.clause(position)
        for pool in ([v for v in s.said if low <= v.start < high], s.said):
            if best := [v for v in pool if RANK[v.kind] == min(RANK[o.kind] for o in pool)]:
                return max((v for v in best if v.start < position), default=best[0])
        after = next((o for o in self.sentences[s.at + 1 : s.at + 4] if o.said), None)
        # A quotation of some paragraphs ends with its speaker.
        closing = after and after.line == s.line and self.rx("closing").match(self.text, s.start)
        if after and (closing or self.rx("about_that").match(after.text)):
            return min(after.said, key=lambda v: RANK[v.kind])
        alone = s.heading or self.rx("stranger").search(s.text) or self.rx("aside").match(s.text)
        before = [] if alone or not inherit else self.sentences[: s.at]
        earlier = [o.said for o in before if o.said and s.line - o.line <= 1]
        return min(reversed(earlier[-1]), key=lambda v: RANK[v.kind]) if earlier else None

    def _name(self, v: Voice | None) -> str:
        """How a speaker is spelt; "Russia" or "the army" is the official of that side who speaks in the sentence, before or
        after it, else the side."""
        at = next(
            (s.at for s in reversed(self.sentences) if v and v.kind == "side" and s.start <= v.start), -2
        )
        beside = [o for s in self.sentences[max(0, at - 1) : max(0, at + 2)] for o in s.said]
        own = [o for o in beside if v and o.side == v.side and RANK[o.kind] == 0]
        return min(own, key=lambda o: abs(o.start - v.start), default=v).name if v else "article"

    def _span(self, n: Number) -> tuple[int, int, str]:
        start, end = self.at[n.start], self.at[n.end - 1] + 1
        return start, end, self.given[start:end]

    def left_out(self) -> list[tuple[int, int, str, str]]:
        return [(*self._span(o.number), o.why) for o in self.found if o.why]

    def claims(self) -> list[dict[str, Any]]:
        return [self._claim(o, f"c{i}") for i, o in enumerate((o for o in self.found if o.measure), 1)]

    def _claim(self, one: Found, claim_id: str) -> dict[str, Any]:
        n, weeks, (start, end, text) = one.number, one.number.unit == "weeks", self._span(one.number)
        times = 7 if weeks else 12 if n.unit == "years" and one.measure == "duration_months" else 1
        return {
            "claim_id": claim_id, "start": start, "end": end, "text": text,
            "sentence": one.sentence.text.strip(), "speaker": self._name(one.voice or (None if n.unit in PERIODS else self.agency)), "subject": "", "measure": one.measure,
            "value": n.value * times, "value_to": n.value_to and n.value_to * times, "unit": {7: "days", 12: "months"}.get(times, n.unit),
            "qualifier": "about" if weeks and n.qualifier == "exact" and n.value != 1 else n.qualifier, "as_of": one.day,
            "window_start": one.window and one.window[0], "window_end": one.window and one.window[1],
        }  # fmt: skip

    def _read(self, n: Number, last: Found | None) -> Found:
        s = next(s for s in reversed(self.sentences) if s.start <= n.core[0])
        alike = last and not n.why and any({n.unit, last.number.unit} == {*pair} for pair in PAIRS)
        if last and alike and self.rx("conversion").fullmatch(self.text[last.number.end : n.start]):
            return Found(**{**vars(last), "number": n})
        voice = self._voice(s, n.core[0], inherit=True)
        recent = self.rx(self.lex.words["conditions"]["opened"]).search(self._marked(s, n.start, n.end))
        day, period, met = self._day(s, n, voice if recent or n.unit not in PERIODS else None)
        # What is told of a meeting goes on in the next paragraphs.
        if last and last.met and not s.said and day == self.day and s.line - last.sentence.line <= 1:
            day, met = last.day, True
        why = n.why or ("" if n.unit else "counts nothing that the check knows")
        one = Found(n, s, voice, day, why=why, met=met)
        if not one.why:
            earlier = [o for o in self.sentences[: s.at][-1:] if s.line - o.line <= 1]
            asked = [h.kind for o in earlier for h in self.hits(o.text, "cues") if h.kind in ASKED]
            near = last and s.line - last.sentence.line <= 1 and (n.unit != "persons" or last.sentence == s)
            near = near and not (asked and last and last.sentence.at < s.at - 1)
            between = self.text[last.number.end : n.start] if last and last.measure and near else ""
            areas = last is not None and {n.unit, last.number.unit} < {*PAIRS[0], "percent"}
            one.equal = areas and self.rx("equates").search(between) is not None
            if last and one.equal:  # "1,100 sq km, which is 86 % of what Ukraine held"
                one.cue, one.side = last.cue, last.side
            else:
                one.cue = self._cue(one, last.cue if last and near else "".join(asked[-1:]))
            low, high = s.clause(n.core[0])
            part = s._replace(start=low, end=high, text=self.text[low:high])
            total = self.rx(self.lex.words["conditions"]["total"]).search(self._marked(part, n.start, n.end))
            given, place = period or self._window(part if total else s, day), self._place(s, n)
            given = given or (last.window if last and not one.side and last.cue == one.cue else None)
            earlier = [o for o in earlier if o.line == s.line and one.cue == "seized" and not total]
            given = given or next((self._window(o, day) for o in earlier), None)
            # A Ukrainian's words end where the next sentence says what Russia retook.
            if one.cue == "retaken" and voice and voice.side == "ukraine" and voice not in s.said:
                one.voice = voice = None
            flags = self._flags(one, place, given)
            one.why = place if n.unit not in PERIODS and "sumy" not in flags else ""
        for units, cues, conditions, outcome, window in self.lex.words["rows"] if not one.why else ():
            fits = n.unit in units.split() and (cues == "*" or one.cue in cues.split())
            if fits and all((c.strip("!") in flags) != c.startswith("!") for c in conditions.split()):
                one.measure, one.why = ("", outcome[2:]) if outcome.startswith("- ") else (outcome, "")
                windows = {"given": given, "day": (day, day), "start": (START, day)}
                windows["own"] = (back(day, n.value, n.unit), day)
                one.window = windows.get(window)
                if window == "start" or outcome in BACKGROUND or {"peak", "indirect"} & flags == {"peak"}:
                    above = [v.kind for o in self.sentences[: s.at + 1] if o.heading for v in o.said]
                    parted = "duration" not in outcome or self.rx("asserted").search(self._marked(s, *n.core))
                    told = self._voice(s, n.core[0], inherit=False) if parted else None
                    titled = {*above} - {"side"} and outcome != "ceasefire_days"
                    one.voice = voice if titled else told
                break
        one.why = one.why or ("" if one.measure else "what was measured is not said")
        return one

    def _day(self, own: Sentence, n: Number, voice: Voice | None) -> tuple[dt.date, Period | None, bool]:
        """The day that a figure speaks of, named in its sentence, in that of its speaker or of the meeting where it was
        told; a period of its sentence; whether it is the day of a meeting."""
        official = voice and RANK[voice.kind] == 0
        met, before = self.rx("occasion" if official else "(?!)"), self.sentences[: own.at]
        # "during the visit": of which the text told before.
        back_then = official and self.rx("meeting").search(own.text)
        near = [s for s in before if own.line - s.line <= 1]
        spoken = [s for s in (before if back_then else near) if met.search(s.text)]
        spoken += [s for s in near if voice and voice.name in {v.name for v in s.said}]
        for s in (own, *reversed(spoken)):
            stated = [d for d in self.days if s.start <= d.start < s.end and d.stated]
            # "Currently it holds, he said on Monday": of Monday.
            now = self.rx("<relative.0>")
            if stated := [d for d in stated if not now.fullmatch(self.text, d.start, d.end)] or stated:
                periods = [(d.first, d.last) for d in stated if d.first != d.last and s is own]
                far = [abs(d.start - n.core[0]) + 200 * ("(" in self.text[n.end : d.start]) for d in stated]
                return stated[far.index(min(far))].last, next(iter(periods), None), bool(met.search(s.text))
        return self.day, None, False

    def _distance(self, one: Found, hit: Hit) -> float:
        """Characters between a number and a cue; commas and clauses between them count as more, and cues after it."""
        a, b = (n - one.sentence.start for n in one.number.core)
        gap = one.sentence.text[slice(hit.end, a) if hit.end <= a else slice(b, hit.start)]
        after = hit.start >= b and any(map(str.isalpha, gap))
        held = 50 * (hit.kind == "held" and (after or one.number.unit == "percent"))
        after = after and one.number.unit in PAIRS[1]
        held += 40 * (hit.kind == "advance" and one.number.unit in PAIRS[0])
        return len(gap) + 25 * gap.count(",") + 15 * after + 60 * len(self.rx("<breaks>").findall(gap)) + held

    def _actor(self, one: Found, hit: Hit) -> str:
        """The side that does what a cue says: the one named last before it, else that of the speaker."""
        text = one.sentence.text
        begun = max((m.end() for m in self.rx("stop").finditer(text, 0, hit.start)), default=0)
        owned = [m.span() for m in self.rx("owned").finditer(text)]
        owned += [(h.start, h.end) for h in self.hits(text, "places")]
        acting = [h for h in self.hits(text, "actors") if h.start >= begun]
        acting = [h for h in acting if not any(a <= h.start < b for a, b in owned)]
        # "28 are under the control of Ukraine": whoever is named after it, also where the cue is the verb before.
        held_by = [m.span() for m in self.rx("<control_of>").finditer(text)]
        reach = 60 if hit.kind == "held" else 1  # "in the zone lie 310 sq km under the control of Ukraine"
        ends = [end for start, end in held_by if start - reach <= hit.end and hit.start < end]
        after = [h for h in acting if any(0 <= h.start - end <= 1 for end in ends)]
        after += [h for h in acting if self.rx("by_whom").fullmatch(text, hit.end, h.start)]
        acting = after or [h for h in acting if h.end <= hit.end][-1:]
        return self._side(acting[0], one.voice) if acting else one.voice.side if one.voice else ""

    def _side(self, actor: Hit, voice: Voice | None) -> str:
        """The side that an actor stands for; "the enemy" is the other one than that of the speaker."""
        own = voice.side if voice and voice.side in OTHERS else self.home
        return OTHERS[own] if actor.kind == "enemy" else actor.kind

    def _cue(self, one: Found, before: str) -> str:
        """The nearest cue that can say what a number of this unit is; without one, that of the number before."""
        reach = self.lex.words["reach"].get(one.number.unit, {})
        reach = {k: v for k, v in reach.items() if not (one.number.part and k == "seized")}
        every = self.hits(one.sentence.text, "cues")
        hits = [h for h in every if h.kind in reach]
        # A cue after the number that a dash or a colon follows is the label of the next number.
        text, end = one.sentence.text, one.number.core[1] - one.sentence.start
        hits = [h for h in hits if h.start < end or not self.rx(r"\s*[—–:]").match(text, h.end)]
        # "liberated 400 prisoners", "400 prisoners were freed": the noun says who they are, the verb what was done to them.
        if "freed" in reach:
            start = one.number.core[0] - one.sentence.start
            verbs = [h for h in every if h.kind in (*reach, "retaken") and h.end <= start][-1:]
            verbs += [h for h in every if h.kind in ("freed", "retaken") and h.start >= end][:1]
            near_by = [h.kind for h in verbs if max(start - h.end, h.start - end) <= 40]
            captives = any(h.kind == "captured" and 0 <= h.start - start <= 40 for h in hits)
            if "freed" in near_by or (captives and "retaken" in near_by):
                return "freed"
        # "86 % of the land seized by Ukraine is retaken": what was done to it in the end counts.
        done = [h.start for h in hits if h.kind in ("retaken", "lost")]
        hits = [h for h in hits if h.kind != "seized" or not any(0 <= start - h.end <= 45 for start in done)]
        # "die Kontrolle über 200 Quadratkilometer verloren": the verb comes last.
        rest = one.number.end - one.sentence.start
        if any(h.kind == "lost" and h.start >= rest and not text[rest : h.start].strip() for h in hits):
            hits = [h for h in hits if h.kind != "held"]
        near = [(self._distance(one, h), h.start - h.end, h) for h in hits]
        if not (near := [one for one in near if one[0] <= reach[one[2].kind]]):
            return before if before in reach else ""
        best = min(near)[2]
        one.side = self._actor(one, best)
        if best.kind == "held" and one.side == "russia" and not self.rx("<cues.still>").search(text):
            return "regained"
        if best.kind == "take" or (best.kind == "retaken" and one.day <= AUTUMN):
            unnamed = one.number.unit == "settlements" and one.day > AUTUMN and not self.hits(text, "actors")
            return "retaken" if (one.side or (self.home if unnamed else "")) == "russia" else "seized"
        return best.kind

    def _flags(self, one: Found, place: str, given: Period | None) -> set[str]:
        """The [conditions] that hold, and those that need more than the words of the sentence."""
        n, s, day = one.number, one.sentence, one.day
        counted = self.hits(self.rx(r"[,;:()—–]|\.\s").split(self.text[n.core[1] : n.end + 15])[0], "actors")
        captured = [h for h in self.hits(s.text, "cues") if h.kind in ("captured", "caught")]
        captors = [self._actor(one, h) for h in captured] or [""]
        if any(self.rx("<surrender>").search(s.text, max(0, h.start - 25), h.end) for h in captured):
            captors = [OTHERS.get(captors[0], "")]
        captors = [one.voice.side] if one.voice and one.voice.side in OTHERS else captors
        begun = back(day, n.value, n.unit) if n.unit in PERIODS else day
        holds = {
            "window": given, "base": n.base, "part": n.part, "early": day <= AUTUMN, "large": n.value > 400, "many": n.value > 15, "few": n.value <= FEW.get(n.unit, 0) and day > START + dt.timedelta(3),
            "added": self.rx("added").search(self.text[max(0, n.start - 20) : n.end]),
            "whole": given and (given[0] - START).days <= max(7, 0.1 * (day - START).days),
            "counted": counted, "bare": self.rx("bare").search(self.text, n.core[1], n.end),
            "by_amount": self.rx("by_amount").search(self.text[max(0, n.core[0] - 12) : n.core[0]]),
            "sumy": place.endswith("Sumy region") and n.unit in PAIRS[0],
            f"of_{self._side(counted[0], one.voice) if counted else OTHERS.get(captors[0])}": True, f"by_{one.side}": True,
            "since_start": abs((begun - START).days) <= max(4, 0.1 * (day - START).days),
            "since_war": abs((begun - WAR).days) < 400,
        }  # fmt: skip
        marked, conditions = self._marked(s, n.start, n.end), self.lex.words["conditions"].items()
        fitting = {name for name, template in conditions if self.rx(template).search(marked)}
        fitting -= {"peak"} if one.equal else set()
        return fitting | {name for name, true in holds.items() if true}

    def _window(self, s: Sentence, day: dt.date) -> Period | None:
        """The period that the sentence gives for its figures: the last days up to its own one."""
        inside = [n for n in self.numbers if s.start <= n.start < s.end and not n.why and n.unit in DAYS]
        inside = [n for n in inside if self.rx("recent").search(self._marked(s, n.start, n.end))]
        given = [(n.value * DAYS[n.unit], n.unit) for n in inside]
        given += [(1, f"{u}s") for u in ("day", "week", "month") if self.rx(f"recent_{u}").search(s.text)]
        open_days = [d for d in self.days if s.start <= d.start < s.end and START < d.first < day]
        fits = [self.rx("from_day").search(self.text[max(0, d.start - 30) : d.start]) for d in open_days]
        since = [d.first for d, fit in zip(open_days, fits, strict=True) if fit and not d.stated]
        return (min([back(day, *one) for one in given[:1]] + since), day) if given or since else None

    def _place(self, s: Sentence, n: Number) -> str:
        """Empty for Kursk, else why not: the place named nearest in the sentence or, of counts, in those before it."""
        if not self.rx("<places.kursk>").search(self.text):
            ours = self.hits(self.text, "actors") and not self.hits(self.text, "places")
            return "" if ours else "not about the Kursk campaign"
        a, b, hits = n.core[0] - s.start, n.core[1] - s.start, self.hits(s.text, "places")
        hits = [h for h in hits if h.kind == "kursk" or h.start - b < 70]
        near = [(min(abs(h.start - b), abs(h.end - a)), h.kind != "kursk", h.kind) for h in hits]
        earlier = [o for o in self.sentences[: s.at] if o.line == s.line and self.hits(o.text, "places")]
        before = {h.kind for o in earlier[-1:] for h in self.hits(o.text, "places") if n.unit != "percent"}
        kinds = {min(near)[2]} if near else before
        return "" if "kursk" in kinds or not kinds else f"other region: {', '.join(sorted(kinds))}"
