"""Names of places in the language of an edition.

The gazetteer has English and Russian names for all places and Ukrainian names for some. Where a name is
missing, it is made by a stated rule:

Ukrainian, from the Russian name
    Words and stems that both languages share have their Ukrainian form (большой is великий, Никол- is Микол-);
    endings of adjectives turn Ukrainian (-ый and -ой to -ий, -ая to -а, -ое to -е); -ск- is -ськ-, -овка and
    -евка are -івка (after a vowel -ївка), as in the names that the gazetteer records. Then letter by letter:
    и is і, but и after a sibilant, ц or й, before ц and at the end; е is є at the start, after a vowel and ь; ё is ьо,
    after a vowel йо, after a sibilant о; ы is и, э is е.
German
    The transcription of the Duden: в w, ж sch, з s, х ch, ц z, ч tsch, ш sch, щ schtsch, ы y, ь nothing; е and ё
    are je and jo at the start and after a vowel or ь; с between vowels is ss; й after и and ы falls away. Places
    in Ukraine are transcribed from their Ukrainian name: г h, и y, і i, е e, є je, ї ji.
"""

from __future__ import annotations

import re

import pandas as pd

_VOWELS = "аеёиоуыэюяєії"
_SIBILANTS = "жчшщ"

_LATIN: dict[str, str] = dict(
    zip(
        "абвгдезийклмнопрстуфцыэюя",
        [
            "a",
            "b",
            "w",
            "g",
            "d",
            "e",
            "s",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "z",
            "y",
            "e",
            "ju",
            "ja",
        ],
        strict=True,
    )
) | {"ё": "jo", "ж": "sch", "х": "ch", "ч": "tsch", "ш": "sch", "щ": "schtsch", "ъ": "", "ь": "", "’": ""}
_OF_UKRAINIAN = {"г": "h", "и": "y", "і": "i", "є": "je", "ї": "ji"}

_WORDS = {
    "большая": "велика", "большое": "велике", "весёлое": "веселе", "зелёный": "зелений", "замостье": "замостя",
    "медвежье": "ведмеже", "казачья": "козача", "октябрь": "жовтень", "нижний": "нижній", "путь": "шлях",
}  # fmt: skip
_STEMS = {
    "никол": "микол", "михайл": "михайл", "вишн": "вишн", "мирн": "мирн", "нижн": "нижн", "кринич": "кринич",
    "любим": "любим", "поречн": "порічн", "русск": "руськ",
}  # fmt: skip
_ENDINGS = (
    (r"(?<=[бвгджзклмнпрстфхцчшщ])ой$", "ий"), (r"ый$", "ий"), (r"(?<=[гкх])ий$", "ий"),
    (r"ая$", "а"), (r"ое$", "е"), (r"(?<=[аеиоуыюя])евка$", "ївка"), (r"[ое]вка$", "івка"), (r"ица$", "иця"), (r"(?<!ь)и$", "и"),
)  # fmt: skip
_LETTERS = {"ы": "и", "э": "е", "и": "і"}


def place_names(places: pd.DataFrame, language: str) -> dict[str, str]:
    """Name by place: as the table has it in the language, else made by the rule, else in English."""
    if language == "de":
        rows = zip(places["name_ru"], places["name_uk"], places["oblast"], strict=True)
        made = [
            german(uk if oblast == "Sumy" else ru, of_ukrainian=oblast == "Sumy") for ru, uk, oblast in rows
        ]
        return dict(zip(places["place_id"], made, strict=True))
    column = f"name_{language}" if f"name_{language}" in places else "name_en"
    rule = ukrainian if language == "uk" else str
    names = places[column].fillna(places["name_ru" if language == "uk" else "name_en"].map(rule))
    return dict(zip(places["place_id"], names, strict=True))


def ukrainian(russian: str) -> str:
    """A Russian name in Ukrainian, by the rule of this module."""
    return re.sub(r"[А-Яа-яЁё]+", lambda found: _cased(_ukrainian(found[0].lower()), found[0]), russian)


def german(name: str, *, of_ukrainian: bool = False) -> str:
    """A Russian or Ukrainian name in the German transcription of the Duden."""
    letters = _LATIN | _OF_UKRAINIAN if of_ukrainian else _LATIN
    return re.sub(r"[^\W\d_]+", lambda found: _cased(_german(found[0].lower(), letters), found[0]), name)


def _ukrainian(word: str) -> str:
    if word in _WORDS:
        return _WORDS[word]
    start = next((stem for stem in _STEMS if word.startswith(stem)), "")
    rest, ending = word[len(start) :], ""
    for pattern, made in _ENDINGS:
        found = re.search(pattern, rest)
        if found:
            rest, ending = rest[: found.start()], made
            break
    rest = re.sub(r"([сц])\1?к$", r"\1ьк", rest)
    letters = [_STEMS.get(start, "")]
    for n, letter in enumerate(rest):
        before = rest[n - 1] if n else start[-1:]
        if letter == "е" and (not before or before in _VOWELS + "ь"):
            letters.append("є")
        elif letter == "ё":
            hard = before and before in _SIBILANTS
            letters.append("о" if hard else "йо" if not before or before in _VOWELS else "ьо")
        elif letter == "и" and before == "ь":
            letters[-1:] = ["’ї" if rest[n - 2 : n - 1] in "бпвмфр" else "ьї"]
        elif letter == "и" and ((before and before in _SIBILANTS + "цй") or rest[n + 1 : n + 2] == "ц"):
            letters.append("и")
        else:
            letters.append(_LETTERS.get(letter, letter))
    return "".join(letters).replace("ььк", "ьк") + ending


def _german(word: str, letters: dict[str, str]) -> str:
    found = []
    for n, letter in enumerate(word):
        before, after = word[n - 1] if n else "", word[n + 1] if n + 1 < len(word) else ""
        if letter == "е" and "і" not in letters and (not before or before in _VOWELS + "ьъ"):
            found.append("je")
        elif letter == "ё" and before and before in _SIBILANTS:
            found.append("o")
        elif letter in "ио" and before == "ь":
            found.append("j" + letters[letter])
        elif letter == "й" and before and before in "иы":
            continue
        elif letter == "с" and before and after and before in _VOWELS and after in _VOWELS:
            found.append("ss")
        else:
            found.append(letters[letter])
    return "".join(found)


def _cased(made: str, original: str) -> str:
    return made[:1].upper() + made[1:] if original[:1].isupper() else made
