"""The charts by name, each made from nothing but an edition, as the notebooks make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kurskdata.editions import Edition
from kurskdata.errors import InputError, choice

Spec = dict[str, Any]


def names() -> list[str]:
    """The names of all charts."""
    return list(_CHARTS)


def spec(name: str, edition: Edition) -> Spec:
    """The specification of a chart. Raises InputError that lists the charts for a name that is not known."""
    found: Spec = chart(name, edition).to_dict()
    return found


def chart(name: str, edition: Edition) -> Any:
    """The chart itself. Raises InputError as `spec` does."""
    return _CHARTS[choice("chart", name, names())](edition)


def _settlements(edition: Edition) -> Any:
    from kurskdata import charts
    from kurskdata.tables import settlements, views

    first = edition.since(days=10)
    days = settlements.settlements_per_day(
        as_of=edition.as_of, start=first, end=edition.end, language=edition.language
    )
    claim = views.count_claim(as_of=edition.as_of, start=first, end=edition.end)
    return charts.settlements(days, edition, claim=claim)


def _campaign(edition: Edition) -> Any:
    from kurskdata import charts
    from kurskdata.tables.settlements import settlements_per_day

    return charts.settlements(settlements_per_day(as_of=edition.as_of, language=edition.language), edition)


def _area(edition: Edition) -> Any:
    from kurskdata import charts
    from kurskdata.tables import views

    claims = views.area_claims(as_of=edition.as_of)
    return charts.area(claims, edition, maps=views.area_held(as_of=edition.as_of))


def _locator(edition: Edition) -> Any:
    from kurskdata import charts
    from kurskdata.tables.settlements import settlement_places

    return charts.locator(settlement_places(as_of=edition.as_of, language=edition.language), edition)


def _timeline(edition: Edition) -> Any:
    from kurskdata import charts
    from kurskdata.tables import views

    return charts.timeline(views.timeline(as_of=edition.as_of), edition)


def _claims(edition: Edition) -> Any:
    from kurskdata import charts
    from kurskdata.check import check_claims
    from kurskdata.tables.views import article_claims

    article = article_claims(as_of=edition.as_of)
    if not len(article):
        raise InputError(f"chart: claims has nothing to show, no article was published by {edition.as_of}")
    checked = check_claims(article, as_of=edition.as_of, language=edition.language)
    return charts.claims(checked, edition, article=article)


_CHARTS: dict[str, Callable[[Edition], Any]] = {
    "settlements": _settlements,
    "settlements-campaign": _campaign,
    "locator": _locator,
    "area": _area,
    "timeline": _timeline,
    "claims": _claims,
}
