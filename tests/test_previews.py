"""What networks, messengers, search engines and article systems read of pages whose address is known, by their parsers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import Kursk
from linkpreview import Link
from linkpreview.preview import OpenGraph, TwitterCard
from micawber.providers import Provider, ProviderRegistry
from test_embed import HOSTILE, hostile

from kurskdata import embed
from kurskdata.charts import by_name
from kurskdata.editions import Edition
from kurskdata.embed import card

AT = "https://example.org/kursk"


def read(page: Path, address: str) -> dict[str, str]:
    """What a page says to each parser: canonical address, robots, title, description, picture and its alt text."""
    text = page.read_text("utf-8")
    soup, link = BeautifulSoup(text, "html.parser"), Link(address, text)
    networks, tweet = OpenGraph(link), TwitterCard(link)
    assert (networks.title, networks.description) == (tweet.title, tweet.description)
    assert networks.image == tweet.image
    said = {
        tag.get("property") or tag.get("name"): tag["content"]
        for tag in soup.head.find_all("meta", content=True)
    }
    assert said["og:image:alt"] == said["twitter:image:alt"]
    assert (said["twitter:card"], said["og:url"]) == ("summary_large_image", address)
    (canonical,) = [tag["href"] for tag in soup.find_all("link", rel="canonical")]
    assert canonical == address
    found = {"title": networks.title, "description": networks.description, "image": networks.image}
    return {**found, "alt": said["og:image:alt"], "robots": said.get("robots", "")}


@pytest.mark.parametrize("name", by_name.names())
def test_the_page_of_a_chart_shows_its_card(name: str, tmp_path: Path) -> None:
    spec = by_name.spec(name, Edition(language="de"))
    described = embed.write(spec, tmp_path, address=f"{AT}/{name}/")
    said = read(tmp_path / "index.html", f"{AT}/{name}/index.html")
    assert said["title"] == described.title
    assert said["image"] == f"{AT}/{name}/card.png"
    assert said["alt"] == card.alt(spec)
    assert 20 < len(said["alt"]) <= 420, "the networks' limit"
    assert said["robots"] == "noindex"


def test_article_systems_get_the_frame(tmp_path: Path) -> None:
    embed.write(by_name.spec("settlements", Edition()), tmp_path, address="//example.org/kursk")
    head = BeautifulSoup((tmp_path / "index.html").read_text("utf-8"), "html.parser").head
    (found,) = head.find_all("link", type="application/json+oembed")
    assert found["href"] == f"{AT}/oembed.json"

    class Static(Provider):
        def fetch(self, url: str) -> str:
            assert url.startswith(found["href"])
            return (tmp_path / "oembed.json").read_text("utf-8")

    registry = ProviderRegistry()
    registry.register(r"https://example\.org/.*", Static(found["href"]))
    told = registry.request(f"{AT}/index.html", maxwidth=400)
    assert (told["version"], told["type"], told["title"]) == ("1.0", "rich", head.title.text)
    assert all(isinstance(told[name], int) and told[name] > 300 for name in ("width", "height"))
    assert told["thumbnail_url"] == f"{AT}/card.png"
    frame = BeautifulSoup(told["html"], "html.parser")
    assert [tag.name for tag in frame.find_all()] == ["iframe"]
    assert frame.iframe["src"] == f"{AT}/index.html"
    shown = registry.parse_html(f"<p>{AT}/index.html</p>")
    assert BeautifulSoup(shown, "html.parser").iframe["title"] == head.title.text


def test_without_an_address_a_page_promises_nothing(tmp_path: Path) -> None:
    embed.write(by_name.spec("timeline", Edition()), tmp_path, interactive_view=True)
    assert not (tmp_path / "oembed.json").exists()
    for name in ("index.html", "interactive.html"):
        head = (tmp_path / name).read_text("utf-8").partition("</head>")[0]
        assert '<meta name="robots" content="noindex">' in head
        assert not re.search(
            "canonical|og:|twitter:|oembed", re.sub("<script.*?</script>", "", head, flags=re.S)
        )


def test_nothing_that_is_pasted_holds_tags_of_a_head(tmp_path: Path) -> None:
    embed.write(by_name.spec("settlements", Edition()), tmp_path, address=AT)
    assert not re.search("<meta|canonical|og:", (tmp_path / "snippet.html").read_text("utf-8"))


def test_texts_of_others_stay_texts(tmp_path: Path) -> None:
    embed.write(hostile(by_name.spec("settlements", Edition())), tmp_path, address=AT)
    said = read(tmp_path / "index.html", f"{AT}/index.html")
    assert HOSTILE in said["title"]
    head = BeautifulSoup((tmp_path / "index.html").read_text("utf-8"), "html.parser").head
    assert not head.find_all(["img", "script"])
    told = json.loads((tmp_path / "oembed.json").read_text("utf-8"))
    assert [tag.name for tag in BeautifulSoup(told["html"], "html.parser").find_all()] == ["iframe"]


@pytest.mark.slow
def test_a_build_knows_where_it_will_be_published(kursk: Kursk, tmp_path: Path) -> None:
    build = ("build", "-o", "out", "--as-of", "2024-09-01")
    done = kursk(*build, "--address", AT)
    assert done.returncode == 0, done.stderr
    (edition,) = (path.parent for path in (tmp_path / "out").glob("*/edition.json"))
    at = f"{AT}/{edition.name}"
    report = read(edition / "report.html", f"{at}/report.html")
    assert report["image"].startswith(f"{at}/charts/")
    assert (tmp_path / "out" / report["image"].removeprefix(f"{AT}/")).is_file()
    index = read(tmp_path / "out/index.html", f"{AT}/")
    assert (tmp_path / "out" / index["image"].removeprefix(f"{AT}/")).is_file()
    assert (report["robots"], index["robots"]) == ("", "")
    for chart in (edition / "charts").iterdir():
        assert read(chart / "index.html", f"{at}/charts/{chart.name}/index.html")["robots"] == "noindex"
    assert kursk(*build, "--address", f"{AT}/", "--check").returncode == 0
    elsewhere = kursk(*build, "--check")
    assert elsewhere.returncode == 1
    assert "address changed" in elsewhere.stdout
    assert kursk("build", "--verify", "out").returncode == 0
    assert kursk(*build, "--address", "example.org").returncode == 2
