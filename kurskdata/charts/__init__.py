"""The charts. Each function takes a view and an edition and returns an Altair chart."""

from kurskdata.drawing.altair_import import load_altair
from kurskdata.errors import require

require("charts", "charts", "altair", "babel")
load_altair()  # before the modules below import it in the usual way, which takes seconds beside JupyterLab

from kurskdata.charts.area import area
from kurskdata.charts.claims import claims
from kurskdata.charts.control import control
from kurskdata.charts.map.locator import locator
from kurskdata.charts.record import record
from kurskdata.charts.settlements import settlements
from kurskdata.charts.timeline import timeline

__all__ = ["area", "claims", "control", "locator", "record", "settlements", "timeline"]
