"""One module a chart. Each takes a view and an edition and returns an Altair chart."""

from kurskdata.charts.area import area
from kurskdata.charts.claims import claims
from kurskdata.charts.map.locator import locator
from kurskdata.charts.settlements import settlements
from kurskdata.charts.timeline import timeline

__all__ = ["area", "claims", "locator", "settlements", "timeline"]
