"""The reference: every public name has a docstring, its examples run, its pages ask for nothing."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
import reference

import kurskdata

EXAMPLES = (
    "settlements_per_day", "area_claims", "area_percentages", "area_held", "article_claims", "count_claim",
    "timeline", "settlement_places", "check_claims", "describe", "edition", "interval", "area", "retaken", "sources",
)  # fmt: skip
"""Names of the package whose docstring must show how they are used."""


def public() -> list[tuple[str, Any]]:
    found = []
    for name in reference.MODULES:
        module = importlib.import_module(name)
        names = getattr(module, "__all__", None) or [n for n in vars(module) if not n.startswith("_")]
        for one in names:
            thing = getattr(module, one)
            home = getattr(thing, "__module__", "") or ""
            if (inspect.isfunction(thing) or inspect.isclass(thing)) and home.startswith("kurskdata"):
                found.append((f"{name}.{one}", thing))
    return found


@pytest.mark.parametrize(("name", "thing"), public(), ids=[name for name, _ in public()])
def test_every_public_name_says_what_it_is(name: str, thing: Any) -> None:
    assert len(inspect.getdoc(thing) or "") > 20, name


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_readers_call_first_has_an_example(name: str) -> None:
    assert ">>>" in (getattr(kurskdata, name).__doc__ or "")


def test_charts_have_examples() -> None:
    for name in kurskdata.charts.__all__:
        assert ">>>" in (getattr(kurskdata.charts, name).__doc__ or ""), name


@pytest.mark.parametrize(
    "name",
    [m.name for m in pkgutil.walk_packages(kurskdata.__path__, "kurskdata.") if "__main__" not in m.name],
)
def test_examples_run(name: str) -> None:
    importlib.import_module("papermill.engines")  # loads our engine, as it does for its users
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0


def test_the_site_holds_every_name_and_asks_for_nothing(tmp_path: Path) -> None:
    pages = {
        path.relative_to(tmp_path).as_posix(): path.read_text("utf-8") for path in reference.write(tmp_path)
    }
    for module in reference.MODULES:
        at = module.replace(".", "/") + ".html"
        assert at in pages
        for name in getattr(importlib.import_module(module), "__all__", ()):
            assert f'id="{name}"' in pages[at], f"{module}.{name}"
    for text in pages.values():
        assert not re.findall(r'(?:src|href)="(https?:[^"]+\.(?:js|css|woff2?)[^"]*)"', text)
        assert not re.findall(r'<(?:script|img|iframe|link)[^>]*(?:src|href)="https?:', text)
