"""The drawing of a chart as it stands in a page: a small SVG whose colours follow the page.

Every colour of the palette is a custom property, so that one drawing serves light, dark, print and forced colours.
Titles are left to the page. What a tooltip says is a native title of its mark, which needs no script.
"""

from __future__ import annotations

import dataclasses
import re
from html import escape

from kurskdata.charts.style import theme
from kurskdata.drawing.svg import Spec, form

COLOURS = {name: forms for name, forms in theme.COLOURS.items() if name != "on_accent"}
"""The colours that a page defines as custom properties: name to light, dark and forced form. What stands on an accent has the
colours of the background."""

_PROPERTIES = {colour: f"var(--{name})" for name in reversed(COLOURS) for colour in COLOURS[name]}


@dataclasses.dataclass(frozen=True)
class Drawing:
    """An SVG without its outer element, and its size in pixels."""

    width: int
    height: int
    body: str

    def svg(self, label: str) -> str:
        """The whole SVG, with its description for screen readers."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" role="img" aria-label="{escape(label)}">'
            f"{self.body}</svg>"
        )


def drawing(spec: Spec) -> Drawing:
    """The drawing of a chart without titles, source line and margins; raises BuildError as `form` does."""
    page = form(spec, "page")
    body = re.sub('(?<=")#[0-9a-f]{6}(?=")', lambda found: _PROPERTIES.get(found[0], found[0]), page["body"])
    return Drawing(page["width"], page["height"], body)
