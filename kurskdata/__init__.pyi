# The public names and their homes: what type checkers and editors see, and `__init__.py` loads on first use.

from kurskdata import charts as charts
from kurskdata import display as display
from kurskdata.check import check_claims as check_claims
from kurskdata.editions import Edition, edition
from kurskdata.errors import BuildError, InputError, KurskdataError
from kurskdata.prose import read_article
from kurskdata.rests_on import support
from kurskdata.tables.descriptor import use_data
from kurskdata.tables.export import (
    area,
    article,
    border,
    control,
    corrections,
    describe,
    places,
    retaken,
    sources,
)
from kurskdata.tables.intervals import Interval, interval
from kurskdata.tables.settlements import settlement_places, settlements_per_day
from kurskdata.tables.views import (
    area_claims,
    area_held,
    area_percentages,
    area_record,
    article_claims,
    count_claim,
    timeline,
)

# What a star import brings works with pandas alone; checks, charts and display need more.
__all__ = [
    "BuildError", "Edition", "InputError", "Interval", "KurskdataError", "area", "area_claims", "area_held",
    "area_percentages", "area_record", "article", "article_claims", "border", "control", "corrections", "count_claim", "describe",
    "edition", "interval", "places", "read_article", "retaken", "settlement_places", "settlements_per_day", "sources",
    "support", "timeline", "use_data",
]  # fmt: skip
__version__: str
