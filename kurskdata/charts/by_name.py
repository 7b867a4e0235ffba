"""The charts by name, each made from nothing but an edition, as the notebooks make them; `control` needs an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kurskdata.editions import Edition
from kurskdata.errors import InputError, choice
from kurskdata.tables.descriptor import WANTED

Spec = dict[str, Any]

_NAMES = ("settlements", "settlements-campaign", "locator", "area", "timeline", "claims", "record")


def names() -> list[str]:
    """The names of all charts."""
    return list(_NAMES)


def spec(name: str, edition: Edition, archive: Path | None = None, **of_map: Any) -> Spec:
    """The specification of a chart. Raises InputError that lists the charts for an unknown name.

    ``archive`` and ``of_map`` are arguments of `control`. Without an archive, its InputError says how to get one.
    """
    from kurskdata import charts

    choice("chart", name, (*_NAMES, "control"))
    if name == "control" and not archive:
        raise InputError(f"archive: {WANTED}")
    if name != "control" and archive:
        raise InputError("archive: only the chart control is drawn from an archive")
    made = charts.control(archive, edition, **of_map) if archive else chart(name, edition)
    specification: Spec = made.to_dict()
    return specification


def chart(name: str, edition: Edition) -> Any:
    """The chart itself, one of `names`. Raises InputError as `spec` does."""
    choice("chart", name, _NAMES)
    from kurskdata import charts
    from kurskdata.check import check_claims
    from kurskdata.tables import settlements, views

    as_of, language = edition.as_of, edition.language
    if name == "settlements":
        first = edition.since(days=10)
        days = settlements.settlements_per_day(as_of=as_of, start=first, end=edition.end, language=language)
        claim = views.count_claim(as_of=as_of, start=first, end=edition.end)
        return charts.settlements(days, edition, claim=claim)
    if name == "settlements-campaign":
        days = settlements.settlements_per_day(as_of=as_of, language=language)
        return charts.settlements(days, edition, claim=views.count_claim(as_of=as_of))
    if name == "locator":
        return charts.locator(settlements.settlement_places(as_of=as_of, language=language), edition)
    if name == "area":
        return charts.area(views.area_claims(as_of=as_of), edition, maps=views.area_held(as_of=as_of))
    if name == "timeline":
        return charts.timeline(views.timeline(as_of=as_of), edition)
    if name == "record":
        return charts.record(views.area_record(as_of=as_of), edition)
    article = views.article_claims(as_of=as_of)
    return charts.claims(check_claims(article, as_of=as_of, language=language), edition)
