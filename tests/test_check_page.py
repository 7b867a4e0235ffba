"""The page of a check: the article with its figures marked, the file of claims to correct, the output in a notebook."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import kurskdata as kd
from kurskdata.check import page, read_claims
from kurskdata.cli import main
from kurskdata.prose import read_article
from kurskdata.prose.lexicon import LANGUAGES as READ
from kurskdata.words import headings
from kurskdata.words.language import LANGUAGES

ARTICLE = """What is left <of> the "foothold" & why

14 March 2025, By a Correspondent

Gerasimov told Putin on 12 March that more than 86% of the land that Ukraine took in the Kursk region had been retaken, and that 24 settlements were recaptured in five days.

Syrskyi said that Ukrainian forces controlled 999 square kilometres of the Kursk region. <script>alert("1")</script><img src=x onerror=alert(2)> {{ 7 * 7 }} cost $40 million.
"""


class Texts(HTMLParser):
    """The tags of a page, and its text without its style sheet."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(re.sub(r"(?s)<style>.*?</style>", "", page))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def kursk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command in a fresh folder that holds the article."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "article.txt").write_text(ARTICLE, "utf-8")
    return lambda *arguments: CliRunner().invoke(main, [str(one) for one in arguments])


def test_one_command_from_an_article_to_its_page(kursk: Callable[..., Result], tmp_path: Path) -> None:
    done = kursk("check", "article.txt", "-o", "out")
    assert done.exit_code == 0, done.output
    assert done.stdout.split() == [
        str(Path("out", name)) for name in ("check.html", "claims.csv", "check.txt")
    ]
    text = (tmp_path / "out" / "check.html").read_text("utf-8")
    shown = Texts(text)
    claims = read_claims(tmp_path / "out" / "claims.csv")
    marks = re.findall(r"<mark[^>]*><a[^>]*>(.*?)<sup>", text)
    assert (
        marks
        == claims["text"].tolist()
        == ["more than 86%", "24 settlements", "five days", "999 square kilometres"]
    )
    for paragraph in filter(None, ARTICLE.split("\n")):
        bare = re.sub(r"\W+|\d+", "", paragraph)
        assert bare in re.sub(r"\W+|\d+", "", shown.text), paragraph
    checked = kd.check_claims(claims)
    for line in checked["line"]:
        assert line in shown.text
    looks = [i for i, (_, attrs) in enumerate(shown.tags) if attrs.get("class") == "kd-look"]
    assert len(looks) == 2 * checked["look"].sum() > 0
    assert f"4 figures checked; look again at {checked['look'].sum()}:" in shown.text
    assert "14\N{NO-BREAK SPACE}March 2025, the day that the article gives" in shown.text
    assert "40 million (counts nothing that the check knows)" in shown.text


def test_no_text_of_an_article_becomes_markup_and_nothing_is_asked_of_others(
    kursk: Callable[..., Result],
) -> None:
    assert kursk("check", "article.txt", "-o", "out").exit_code == 0
    shown = Texts(Path("out/check.html").read_text("utf-8"))
    assert {tag for tag, _ in shown.tags} & {"script", "img", "link", "iframe", "object"} == set()
    assert not [name for _, attrs in shown.tags for name in attrs if name.startswith("on") or name == "src"]
    assert "{{ 7 * 7 }}" in shown.text
    (policy,) = (a["content"] for _, a in shown.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert str(policy).startswith("default-src 'none'")
    addresses = [str(attrs["href"]) for tag, attrs in shown.tags if tag == "a"]
    assert all(one.startswith(("#", "http://", "https://")) for one in addresses)
    targets = [str(attrs["id"]) for _, attrs in shown.tags if "id" in attrs]
    assert len(targets) == len(set(targets))
    assert {one[1:] for one in addresses if one.startswith("#")} <= set(targets)


def test_claims_handed_back_give_the_same_page_and_corrections_change_it(
    kursk: Callable[..., Result],
) -> None:
    kursk("check", "article.txt", "-o", "out")
    first, written = Path("out/check.html").read_bytes(), Path("out/claims.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfclaim_id,start,end,text,")
    assert kursk("check", "out/claims.csv", "-o", "out").exit_code == 0
    assert Path("out/check.html").read_bytes() == first
    assert Path("out/claims.csv").read_bytes() == written
    # As Excel saves it, with semicolons, one figure corrected and one row taken out.
    rows = pd.read_csv("out/claims.csv", dtype=str, keep_default_na=False)
    rows.loc[rows["text"] == "999 square kilometres", "value"] = "1263"
    rows[rows["text"] != "five days"].to_csv("out/corrected.csv", sep=";", index=False, encoding="utf-8-sig")
    done = kursk("check", "out/corrected.csv", "-o", "second")
    assert done.exit_code == 0, done.output
    shown = Texts(Path("second/check.html").read_text("utf-8")).text
    assert "3 figures checked" in shown
    assert "1,263\N{NO-BREAK SPACE}sq km" in shown
    assert "five days (taken out of the claims by hand)" in shown
    assert "What is left <of> the" in shown


def test_claims_without_the_text_show_their_sentences(kursk: Callable[..., Result]) -> None:
    kursk("check", "article.txt", "-o", "out")
    Path("alone").mkdir()
    Path("out/claims.csv").rename("alone/claims.csv")
    Path("alone/check.txt").write_text("The text of another article.", "utf-8")
    assert kursk("check", "alone/claims.csv", "-o", "page").exit_code == 0
    text = Path("page/check.html").read_text("utf-8")
    assert len(re.findall("<mark", text)) == 4
    assert "Gerasimov told Putin on 12 March that " in text
    assert "foothold" not in text
    assert not Path("page/check.txt").exists()
    assert "14\N{NO-BREAK SPACE}March 2025, the day given for this check" in text
    plain = "claim_id,measure,value,unit,as_of\nshare,share_retaken,86,percent,2025-03-12\n"
    Path("bare.csv").write_text(plain, "utf-8")
    assert kursk("check", "bare.csv", "-o", "bare").exit_code == 0
    bare = Path("bare/check.html").read_text("utf-8")
    assert '<li id="n1"' in bare
    assert "<mark" not in bare


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            ["a,share_retaken,86,percent,2025-03-14", "b,share_retaken,87,percent,2025-03-13"],
            "one day is needed",
        ),
        (["a,share_retaken,86,percent,14 March"], "column published: '14 March' is not a day"),
    ],
)
def test_the_day_of_the_article_is_one(kursk: Callable[..., Result], rows: list[str], message: str) -> None:
    Path("mine.csv").write_text("\n".join(["claim_id,measure,value,unit,published", *rows]), "utf-8")
    done = kursk("check", "mine.csv", "-o", "out")
    assert (done.exit_code, message in done.stderr) == (2, True)
    assert not Path("out").exists()


def test_a_folder_that_is_a_file_is_refused_and_no_input_is_replaced(kursk: Callable[..., Result]) -> None:
    Path("taken").write_text("mine", "utf-8")
    done = kursk("check", "article.txt", "-o", "taken")
    assert (done.exit_code, "cannot be used as output folder" in done.stderr) == (2, True)
    Path("article.txt").rename("check.txt")
    Path("check.txt").write_bytes(ARTICLE.replace("\n", "\r\n").encode())
    assert kursk("check", "check.txt", "-o", ".").exit_code == 0
    assert b"\r\n" in Path("check.txt").read_bytes()
    assert kursk("check", "claims.csv", "-o", "again").exit_code == 0
    assert Path("again/check.html").read_bytes() == Path("check.html").read_bytes()


def test_cells_of_hostile_text_are_no_formulas(kursk: Callable[..., Result]) -> None:
    Path("article.txt").write_text("14 March 2025\n\n=HYPERLINK(1) 24 settlements in the Kursk region were retaken by Russia, said Gerasimov.", "utf-8")  # fmt: skip
    assert kursk("check", "article.txt", "-o", "out").exit_code == 0
    assert "'=HYPERLINK" in Path("out/claims.csv").read_text("utf-8")
    first = Path("out/check.html").read_bytes()
    assert kursk("check", "out/claims.csv", "-o", "two").exit_code == 0
    assert Path("two/check.html").read_bytes() == first


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_comes_in_the_language(language: str) -> None:
    checked = kd.check_claims(kd.read_article(ARTICLE), language=language)
    shown = Texts(page.html(checked))
    assert shown.tags[0] == ("html", {"lang": language})
    english = {"figures checked", "look again", "left out", "ratings of truth", "evidence:"}
    assert {text for text in english if text in shown.text} == (english if language == "en" else set())
    assert {a["lang"] for tag, a in shown.tags if a.get("class") == "kd-p"} == {"en"}


def test_every_reason_of_the_reader_is_translated() -> None:
    folder = Path(str(kd.__file__)).parent / "prose"
    words = {name: tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in ("common", *READ)}
    reasons = {row[3][2:] for row in words["common"]["rows"] if row[3].startswith("- ")}
    reasons |= {*words["common"]["reasons"].values()}
    for name in READ:
        reasons |= {*words[name]["nouns"]}
        reasons |= {f"other region: {place}" for place in words[name]["places"] if place != "kursk"}
    for passages in (Path(__file__).parent / "passages").iterdir():
        reasons |= {
            number["why"]
            for number in read_article(passages.read_text("utf-8"), "2025-03-14").attrs["left_out"]
        }
    assert len(reasons) > 35
    assert reasons - {*headings.HEADINGS["values"]["why"]} == set()


def test_a_notebook_shows_the_page_as_a_part_of_its_own() -> None:
    claims = kd.read_article(ARTICLE)
    assert isinstance(claims, pd.DataFrame)
    checked: Any = kd.check_claims(claims)
    part = checked._repr_html_()
    assert part == kd.check_claims(kd.read_article(ARTICLE))._repr_html_()
    assert not re.search(r"<(html|body|meta|h1)\b| id=|href=\"#", part)
    (style,) = re.findall(r"(?s)<style>(.*?)</style>", part)
    rules = re.findall(r"([^{}@;]+)\{", re.sub(r"@media[^{]*\{", "", style))
    assert rules
    assert [rule for rule in rules if any(".kd-check" not in one for one in rule.split(","))] == []
    assert "What is left &lt;of&gt;" in part
    assert checked[["said", "line"]]._repr_html_().lstrip().startswith("<div>")
    looks = checked[checked["look"]]._repr_html_()
    assert looks.count('<li class="kd-look"') == checked["look"].sum()
    corrected = claims.assign(value=claims["value"].where(claims["text"] != "999 square kilometres", 1263))
    assert "1,263" in kd.check_claims(corrected)._repr_html_()


def test_two_claims_of_one_figure_and_places_outside_of_the_text_are_shown() -> None:
    claims = kd.read_article(ARTICLE)
    more = pd.concat([claims, claims.iloc[[0]].assign(claim_id="twin"), claims.iloc[[1]].assign(claim_id="lost", start=10**6, end=10**6 + 2)])  # fmt: skip
    more.attrs = claims.attrs
    text = page.html(kd.check_claims(more))
    assert re.findall(r"<sup>([^<]*)</sup>", text)[0] == "1,2"
    assert len(re.findall('<li id="n', text)) == 6
    assert len(re.findall("<mark", text)) == 4
