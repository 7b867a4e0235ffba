"""A chart as the bundle of files that goes into an article.

`write` makes the bundle of one chart specification. The page in it is SVG first: the whole chart stands in
the HTML, nothing is fetched, and the only script tells the height to the page around it.
"""

from kurskdata.errors import require

require("charts for articles", "charts", "babel", "jinja2", "PIL", "uharfbuzz", "py_mini_racer", "vl_convert")

from kurskdata.embed.bundle import FILES, write
from kurskdata.embed.table import rows_csv

__all__ = ["FILES", "rows_csv", "write"]
