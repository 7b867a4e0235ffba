"""Charts for articles: ``write`` makes a folder of files from the Vega-Lite specification of one chart.

The page in it holds the whole chart as inline SVG and requests nothing; its only script reports its height to the
page around it.
"""

from kurskdata.errors import require

require("charts for articles", "charts", "babel", "jinja2", "PIL", "uharfbuzz", "py_mini_racer", "vl_convert")

from kurskdata.embed.bundle import FILES, write
from kurskdata.embed.table import rows_csv

__all__ = ["FILES", "rows_csv", "write"]
