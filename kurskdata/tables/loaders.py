"""The tables as they stand, one function a table.

Every call returns a fresh DataFrame, typed as `kurskdata.tables.reader` says: an empty cell is a missing value, days
are ``datetime64``, lists and months text. What follows from the tables is in `kurskdata.tables.views`, among it the
timeline. The columns below are written from ``data/datapackage.json`` by `kurskdata.tables.dictionary`.
"""

from __future__ import annotations

import pandas as pd

from kurskdata.tables import reader


def sources() -> pd.DataFrame:
    """One row per published page that a row of another table rests on.

    .. columns of sources

    - `source_id` (text): Readable id: publisher, day or month of the page or of what it speaks of (nd: no
      date), subject.
    - `publisher` (text): Who published the page; in brackets whose text it carries, where known.
    - `published` (day): Day of publication; empty where the page shows none or only a month.
    - `published_month` (month): Filled only where the month is known and the day is not.
    - `date_basis` (text): How the day of publication is known. One of: shown, inferred, not_shown.
    - `url` (text): Web address of the page.
    - `language` (text): Language of the page, ISO 639 code.
    - `kind` (text): Kind of publisher. One of: newspaper, wire, broadcaster, state_media, official,
      think_tank, map_archive, encyclopedia, blog, aggregator.

    .. end of columns

    >>> import kurskdata as kd
    >>> pages = kd.sources()
    >>> bool(pages["url"].str.startswith("http").all())
    True
    """
    return reader.load("sources")


def places() -> pd.DataFrame:
    """One row per settlement; homonyms are separate places.

    .. columns of places

    - `place_id` (text): Readable id: English name, with the district where two places share a name.
    - `name_en` (text): Name as English-language reports spell it.
    - `name_ru` (text): Name in Russian.
    - `name_uk` (text): Name in Ukrainian.
    - `name_uk_basis` (text): Whether a source gives the Ukrainian name or the rule in METHODOLOGY.md made it.
      One of: recorded, by_rule.
    - `name_de` (text): Name in German.
    - `name_de_basis` (text): Whether a source gives the German name or the rule in METHODOLOGY.md made it.
      One of: recorded, by_rule.
    - `kind` (text): Kind of settlement. One of: town, village, settlement.
    - `district` (text): District (raion); empty where no source gives it.
    - `district_inferred` (true or false): true where the district follows from the position and was not seen
      in a source.
    - `oblast` (text): Oblast. One of: Kursk, Sumy.
    - `lat` (number [degree]): Latitude of the settlement, WGS84; empty where none was found.
    - `lon` (number [degree]): Longitude of the settlement, WGS84; empty where none was found.
    - `position_grade` (text): How good the position is: A two kinds of source agree, B one good source or
      several events in the village, C a few events near it, D one event or a vague label. One of: A, B, C, D.
    - `position_error_km` (number [km]): Radius within which the settlement is expected, an estimate by grade:
      A 0.5, B 1, C 2, D 3.
    - `population` (whole number [persons]): Inhabitants, where a source gives them.
    - `population_year` (whole number): Year of that figure; empty where the source shows none.
    - `source_ids` (list): Pages that give it: ids of the table sources, separated by semicolons.
    - `note` (text): What else bears on name, district or position.

    .. end of columns

    >>> import kurskdata as kd
    >>> places = kd.places()
    >>> places.loc[places["name_en"] == "Viktorovka", "district"].tolist()
    ['Korenevsky', 'Sudzhansky']
    """
    return reader.load("places")


def retaken() -> pd.DataFrame:
    """One row per claim that a settlement was retaken: one settlement, one claimant, one announcement.

    .. columns of retaken

    - `claim_id` (text): Readable id: day of announcement (nd: not known), claimant, place.
    - `place_id` (text): The settlement; empty where the claim fits more than one place.
    - `candidate_place_ids` (list): The places that the claim fits, where it does not say which one it means.
    - `claimant` (text): Who said it. One of: Russian Defence Ministry, Russian General Staff, Apti Alaudinov,
      Yuri Podolyaka, Zvezda TV, 810th brigade commander.
    - `official` (true or false): true where the Russian Defence Ministry or the General Staff made the claim
      as an institution.
    - `form` (text): Form of the announcement; empty where no source tells. One of: daily, weekly,
      daily_and_weekly, statement, media.
    - `reported` (day): Day on which the claim was made public.
    - `reported_month` (month): Filled only where the month is known and the day is not.
    - `event_date` (day): Day on which the claimant said it happened; empty where the statement names no day.
    - `repeat_of` (text): The earliest claim on the same place, by whomever, where there is one.
    - `variant` (true or false): true where a single report deviates from all others on the same statement.
      Never counted.
    - `in_tass_count` (true or false): true where the row is among the 32 settlements that TASS counted from
      the Ministry's reports up to 9 March 2025.
    - `source_ids` (list): Pages that give it: ids of the table sources, separated by semicolons.
    - `context_source_ids` (list): Pages that bear on a doubt or on the context and do not carry the claim.
    - `note` (text): Doubts and context.

    .. end of columns

    >>> import kurskdata as kd
    >>> claims = kd.retaken()
    >>> claims.loc[claims["place_id"] == "sudzha", "claimant"].iloc[0]
    'Russian Defence Ministry'
    """
    return reader.load("retaken")


def area() -> pd.DataFrame:
    """One row per quantified claim on territory: one claimant, one figure, one wording.

    .. columns of area

    - `claim_id` (text): Readable id: day or month of announcement (nd: not known), claimant, measure, value.
    - `claimant` (text): Who said it.
    - `capacity` (text): Office of the claimant, basis of the figure, or who relayed it.
    - `side` (text): On whose behalf the claimant speaks. One of: russia, ukraine, independent.
    - `reported` (day): Day on which the claim was made public.
    - `reported_month` (month): Filled only where the month is known and the day is not.
    - `as_of` (day): Day that the figure speaks of; empty where the statement names none.
    - `as_of_month` (month): Filled only where the month is known and the day is not.
    - `measure` (text): What is counted. 25 values, see `describe`.
    - `value` (number): The figure as the source gives it.
    - `unit` (text): Unit of the value. One of: km2, sq_mi, percent, settlements, persons, km, mi, assaults.
    - `qualifier` (text): How the source qualifies the figure. One of: exact, about, more_than, at_least,
      less_than, at_most, nearly.
    - `window_start` (day): First day of the period that the figure covers.
    - `window_end` (day): Last day of the period that the figure covers.
    - `variant_of` (text): The main wording of the same statement, where this row is another wording,
      rounding, conversion or deviating relay of it.
    - `range_with` (text): The other end, where the claimant gave a range.
    - `source_ids` (list): Pages that give it: ids of the table sources, separated by semicolons.
    - `note` (text): What the columns cannot hold.

    .. end of columns

    >>> import kurskdata as kd
    >>> claims = kd.area()
    >>> sorted(claims.loc[claims["measure"] == "share_retaken", "unit"].unique())
    ['percent']
    """
    return reader.load("area")


def control() -> pd.DataFrame:
    """One row per day, map and pocket: the area that the map shows as held by Ukraine.

    .. columns of control

    - `date` (day): Day of the map (UTC).
    - `observer` (text): The map. One of: deepstate, owlmaps.
    - `pocket` (text): Which of the pockets that do not touch. One of: sudzha, tyotkino.
    - `held_km2` (number [km2]): Area drawn as held by Ukraine, geodesic on WGS84; empty where nothing is
      drawn.
    - `unclear_km2` (number [km2]): Area drawn as of unclear status outside the held area; empty where the map
      draws none.
    - `status` (text): Whether the map draws a held or unclear area that day. Not drawn is not zero. One of:
      drawn, not_drawn.
    - `snapshot` (text): File of the archive that was measured.

    .. end of columns

    >>> import kurskdata as kd
    >>> measured = kd.control()
    >>> measured[(measured["date"] == "2025-03-12") & (measured["status"] == "drawn")]["held_km2"].tolist()
    [140.28, 11.36]
    """
    return reader.load("control")


def article() -> pd.DataFrame:
    """One row per checkable claim of one news article, 14 March 2025.

    .. columns of article

    - `claim_id` (text): Readable id.
    - `paragraph` (whole number): Paragraph of the article.
    - `speaker` (text): Who says it in the article.
    - `subject` (text): Who or what it is about.
    - `predicate` (text): What is said of the subject, in our words.
    - `topic` (text): What the claim concerns. One of: timeline, area, settlements, prisoners, diplomacy,
      legal.
    - `measure` (text): What is counted; empty where the claim is no figure. 31 values, see `describe`.
    - `value` (number): The figure as the article gives it.
    - `unit` (text): Unit of the value. One of: km2, sq_mi, percent, settlements, persons, km, mi, assaults,
      days, months, years.
    - `qualifier` (text): How the article qualifies the figure. One of: exact, about, more_than, at_least,
      less_than, at_most, nearly.
    - `as_of` (day): Day that the claim speaks of.
    - `window_start` (day): First day of the period that the claim covers.
    - `window_end` (day): Last day of the period that the claim covers.
    - `event_id` (text): Event of the timeline that the claim is about.
    - `finding` (text): How other publishers give it: research recorded by hand, for claims that no figure can
      check. One of: agrees, partly, differs.
    - `note` (text): What other publishers give, with who says it.
    - `source_ids` (list): Pages that give it: ids of the table sources, separated by semicolons.

    .. end of columns

    >>> import kurskdata as kd
    >>> claims = kd.article()
    >>> claims.loc[claims["measure"] == "share_retaken", ["speaker", "value"]].values.tolist()
    [['Valery Gerasimov', 86.0]]
    """
    return reader.load("article")


def border() -> pd.DataFrame:
    """One row per point of a simplified outline of the state border near Sudzha, for locator maps.

    .. columns of border

    - `order` (whole number): Place of the point along the line, counted from 101, so that it sorts as text
      too.
    - `lon` (number [degree]): Longitude of the point, WGS84.
    - `lat` (number [degree]): Latitude of the point, WGS84.

    .. end of columns

    >>> import kurskdata as kd
    >>> line = kd.border()
    >>> line["order"].is_monotonic_increasing
    True
    """
    return reader.load("border")
