"""Where a copy of a published page may be found, should the page be gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def archived(source: Mapping[Any, Any]) -> str:
    """The address at the Internet Archive of the copy nearest to the day on which a page was published.

    ``source`` is a row of the table of sources. The address is made by rule from the page's own; whether there is a
    copy was not checked. Where only the month is known it is that of the month, otherwise a list of all copies.

    >>> archived({"url": "https://example.org/a", "published": "2025-03-12"})
    'https://web.archive.org/web/20250312/https://example.org/a'
    """
    stated = (str(source.get(name) or "")[:10] for name in ("published", "published_month"))
    day = next((text.replace("-", "") for text in stated if text[:2] == "20"), "*")
    return f"https://web.archive.org/web/{day}/{source['url']}"


def is_web_address(cell: Any) -> bool:
    """Whether a cell may become a link: a javascript: address must not."""
    return isinstance(cell, str) and cell.startswith(("https://", "http://"))
