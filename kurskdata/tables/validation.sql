-- What must hold between cells, rows and tables: each rule is a true statement about the data. A query gives the table,
-- line and column of every cell that breaks it, and what is wrong. Tables are as written, every cell a text, with line
-- and id (the parts of the key joined by /); the table cells has every cell of every table. Rows whose id begins with
-- own- are a newsroom's own: their ids need not carry day, claimant and value, and they may stand anywhere.

-- reference: ids of another table stand there; the table every holds all cells of all tables
WITH links (tbl, col, target) AS (VALUES ('places', 'source_ids', 'sources'), ('retaken', 'source_ids', 'sources'),
  ('retaken', 'context_source_ids', 'sources'), ('retaken', 'place_id', 'places'), ('retaken', 'repeat_of', 'retaken'),
  ('retaken', 'candidate_place_ids', 'places'), ('area', 'source_ids', 'sources'), ('area', 'variant_of', 'area'),
  ('area', 'range_with', 'area'), ('timeline', 'source_ids', 'sources'), ('article', 'source_ids', 'sources'),
  ('article', 'event_id', 'timeline'), ('corrections', 'source_id', 'sources')),
known AS (SELECT DISTINCT tbl FROM every)
SELECT tbl, line, col, '''' || one.value || ''' is not in ' || target
FROM every JOIN links USING (tbl, col), json_each('[' || replace(json_quote(text), ';', '","') || ']') AS one
WHERE text <> '' AND target IN (SELECT tbl FROM known)
  AND NOT EXISTS (SELECT 1 FROM every AS there WHERE there.tbl = target AND there.id = one.value);

-- letters
SELECT tbl, line, col, text || ' comes from a wrong encoding, or mixes Latin and Cyrillic letters in a word'
FROM cells WHERE text REGEXP '[ÃÂÐÑ][\x80-\xbf\u2018-\u203a€]|â€|\ufffd|\?{3}|[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]'
  || '|[РС][\u0402\u0403\u0405\u0408-\u040f\u0452\u0453\u0455\u0458-\u045f\u00a0-\u00bb\u2013-\u203a€]'
  || '|[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]';

-- order
SELECT tbl, line, col, 'stands after ' || earlier || '; rows are sorted by their key'
FROM (SELECT *, lag(id) OVER (PARTITION BY tbl ORDER BY line) AS earlier FROM cells WHERE place = 0 AND id NOT GLOB 'own-*')
WHERE id < earlier;

-- id-of-a-claim: an id stays when its row is corrected, and the note of the row then says that "the id keeps" the old
WITH claims AS (
  SELECT 'area' AS tbl, line, id, claimant, note, coalesce(nullif(reported, ''), nullif(reported_month, ''), 'nd') AS day,
    replace(measure, '_', '-') || '-' || value AS what, replace(qualifier, '_', '-') AS how FROM area
  UNION ALL SELECT 'retaken', line, id, claimant, note, coalesce(nullif(reported, ''), nullif(reported_month, ''), 'nd'),
    coalesce(nullif(place_id, ''), extract('^[^;-]+', candidate_place_ids)), '' FROM retaken
), named AS (
  SELECT *, substr(id, length(day) + 2, instr(substr(id, length(day) + 2), '-' || what) - 1) AS name,
    id GLOB day || '-*-' || what OR id GLOB day || '-*-' || what || '-' || how AS fits
  FROM claims WHERE id NOT GLOB 'own-*' AND instr(note, 'the id keeps') = 0
)
SELECT tbl, line, 'claim_id', 'is not that of day, claimant, place or measure and value, which are ' || day || ', ' || what
  || '; where the id of a corrected row stays, its note says that the id keeps the old' FROM named WHERE NOT fits
UNION ALL SELECT tbl, line, 'claimant', claimant || ' is not whom ids with ' || name || ' name in other rows' FROM named AS one
WHERE fits AND EXISTS (SELECT 1 FROM named AS other WHERE fits AND (other.claimant = one.claimant) <> (other.name = one.name));

-- id-of-a-row
SELECT 'timeline', line, 'event_id', 'does not carry the day of the event' FROM timeline
WHERE id NOT GLOB 'ev-' || date || '-*' AND id NOT GLOB 'own-*'
UNION ALL SELECT 'timeline', line, 'event_id', number || ' is in none of the texts of the event' FROM (
  SELECT *, lacking(substr(id, 14), title || ' ' || short || ' ' || detail || ' ' || later) AS number FROM timeline)
WHERE number IS NOT NULL AND id NOT GLOB 'own-*'
UNION ALL SELECT 'timeline', line, 'short', number || ' is neither in the title nor in the detail' FROM (
  SELECT *, lacking(extract('.*\d{2}.*', short), title || ' ' || detail) AS number FROM timeline)
WHERE number IS NOT NULL
UNION ALL SELECT 'article', line, 'value', value || ' is not the number in the id' FROM article
WHERE id REGEXP '\d' AND value <> '' AND NOT id REGEXP '(^|\D)' || value || '(\D|$)' AND id NOT GLOB 'own-*'
UNION ALL SELECT 'places', line, 'place_id', 'is not the English name, with the district where two places share it' FROM places
WHERE id NOT IN (SELECT replace(lower(rtrim(name_en || ' ' || more)), ' ', '-') FROM (SELECT '' AS more UNION ALL SELECT district UNION ALL SELECT oblast)) AND id NOT GLOB 'own-*';

-- day-of-a-page
SELECT 'sources', line, 'date_basis', 'a page has a day or month exactly where its basis is not not_shown' FROM sources
WHERE (date_basis = 'not_shown') <> (published = '' AND published_month = '')
UNION ALL SELECT 'sources', line, 'published', published || ' is not the day in the id or address, ' || day FROM (
  SELECT *, extract('(?<!\d)(20[12]\d)([-/.]?)(0[1-9]|1[0-2])\2([0-2]\d|3[01])(?!\d)', id) AS day FROM sources
  UNION ALL SELECT *, extract('(?<!\d)(20[12]\d)([-/.]?)(0[1-9]|1[0-2])\2([0-2]\d|3[01])(?!\d)', url) FROM sources)
WHERE published <> '' AND abs(julianday(published) - julianday(day)) > 1
UNION ALL SELECT 'sources', line, 'published_month', published_month || ' is not the month in the id' FROM sources
WHERE published_month <> '' AND id GLOB '*-20[0-9][0-9]-[01][0-9]-*' AND id NOT GLOB '*-' || published_month || '-*';

-- order-of-days
SELECT 'area', line, 'as_of', 'is after the day of the report, ' || reported FROM area WHERE reported <> '' AND as_of > reported
UNION ALL SELECT 'area', line, 'window_end', 'is after the day of the report' FROM area WHERE reported <> '' AND window_end > reported
UNION ALL SELECT 'area', line, 'window_start', 'is after window_end' FROM area WHERE window_start > window_end
UNION ALL SELECT 'area', line, 'window_end', 'a window has two ends and a basis' FROM area
WHERE (window_start = '') <> (window_end = '') OR (window_start = '') <> (window_basis = '')
  OR (measure GLOB '*_in_window' AND window_end = '')
UNION ALL SELECT 'area', line, 'window_start', 'a bulletin of the day has a window of one day' FROM area
WHERE window_basis = 'bulletin_day' AND window_start <> window_end
UNION ALL SELECT 'retaken', line, 'event_date', 'is after the day of the report' FROM retaken WHERE reported <> '' AND event_date > reported
UNION ALL SELECT 'timeline', line, 'end_date', 'is not after the first day' FROM timeline WHERE end_date <> '' AND end_date <= date
UNION ALL SELECT 'timeline', line, 'later_date', 'is not after the event' FROM timeline WHERE later_date <> '' AND later_date <= date
UNION ALL SELECT 'timeline', line, 'later_date', 'what became known later has a day' FROM timeline WHERE (later = '') <> (later_date = '')
UNION ALL SELECT 'timeline', line, 'reported', 'is before the event' FROM timeline WHERE reported <> '' AND reported < date
UNION ALL SELECT 'article', line, 'window_start', 'is after window_end' FROM article WHERE window_start > window_end
UNION ALL SELECT 'article', line, 'window_end', 'a window has two ends' FROM article WHERE (window_start = '') <> (window_end = '');

-- days-or-months
SELECT tbl, line, col, 'a month stands only where the day is not known' FROM cells AS month
WHERE col GLOB '*_month' AND text <> ''
  AND EXISTS (SELECT 1 FROM cells AS day WHERE day.tbl = month.tbl AND day.id = month.id AND day.col || '_month' = month.col AND day.text <> '');

-- pages-of-a-claim: none is older than an announcement; what repeats one in the ledger after a week is context
WITH pages AS (
  SELECT 'area' AS tbl, line, id, reported AS day, source_ids, 0 AS early, 99999 AS late, variant_of FROM area
  UNION ALL SELECT 'retaken', line, id, reported, source_ids, 0, 7, '' FROM retaken
  UNION ALL SELECT 'timeline', line, id, date, source_ids, -7, 99999, '-' FROM timeline
), dated AS (
  SELECT pages.*, sources.id AS page, julianday(published) - julianday(day) AS days
  FROM pages, json_each('[' || replace(json_quote(source_ids), ';', '","') || ']') AS one JOIN sources ON sources.id = one.value
  WHERE day <> '' AND published <> ''
)
SELECT tbl, line, 'source_ids', page || ' was published ' || abs(cast(days AS INTEGER)) || ' days '
  || iif(days < 0, 'before', 'after') || ' the day of the row, ' || day FROM dated WHERE days < early OR days > late
UNION ALL SELECT tbl, line, 'source_ids', 'no page of the first week carries the claim' FROM dated
WHERE variant_of = '' GROUP BY tbl, line HAVING min(days) > 7
UNION ALL SELECT tbl, line, col, 'names a page twice' FROM cells, json_each('[' || replace(json_quote(text), ';', '","') || ']') AS one
WHERE col GLOB '*source_ids' AND text GLOB '*;*' GROUP BY tbl, line, col HAVING count(*) > count(DISTINCT one.value);

-- one-meaning: what belongs together does so in every row
WITH pairs AS (
  SELECT 'area' AS tbl, line, 'side' AS col, claimant || ' ' || capacity AS key, side AS text FROM area
  UNION ALL SELECT 'places', line, 'position_error_km', position_grade, position_error_km FROM places
  UNION ALL SELECT 'places', line, 'oblast', district, oblast FROM places WHERE district <> ''
  UNION ALL SELECT 'article', line, 'unit', measure, unit FROM article WHERE measure <> ''
  UNION ALL SELECT 'article', line, 'topic', measure, topic FROM article WHERE measure <> ''
), counted AS (SELECT *, count(*) OVER (PARTITION BY col, key, text) AS same, count(*) OVER (PARTITION BY col, key) AS every FROM pairs)
SELECT tbl, line, col, iif(text = '', 'empty', text) || ' is not what other rows of ' || key || ' have' FROM counted
WHERE same * 2 <= every AND same < every;

-- units-and-sizes: the last numbers are above all that anybody named in this campaign
WITH fitting (measure, units) AS (VALUES ('share_*', 'percent'), ('reduction_*', 'percent'), ('area_*', 'km2 sq_mi'),
  ('settlements_*', 'settlements'), ('prisoners_*', 'persons'), ('assaults_*', 'assaults'), ('depth', 'km mi'),
  ('front_*', 'km mi'), ('distance_*', 'km mi'), ('ceasefire_*', 'days'), ('duration_days', 'days'),
  ('duration_months', 'months'), ('duration_years', 'years')),
most (unit, value) AS (VALUES ('percent', 100), ('km2', 1500), ('sq_mi', 580), ('km', 150), ('mi', 93), ('settlements', 150)),
figures AS (SELECT 'area' AS tbl, line, measure, value, unit FROM area UNION ALL SELECT 'article', line, measure, value, unit FROM article)
SELECT tbl, line, 'unit', unit || ' does not fit ' || figures.measure || '; ' || units || ' would'
FROM figures JOIN fitting ON figures.measure GLOB fitting.measure WHERE instr(' ' || units || ' ', ' ' || unit || ' ') = 0
UNION ALL SELECT tbl, line, 'value', figures.value || ' ' || unit || ' is more than anybody named'
FROM figures JOIN most USING (unit) WHERE CAST(figures.value AS REAL) > most.value;

-- wordings: another wording of a statement is by the same claimant, on the same day, and near it in value
WITH sizes AS (SELECT *, value * iif(unit = 'sq_mi', 2.589988110336, 1) AS size, iif(unit = 'sq_mi', 'km2', unit) AS kind FROM area)
SELECT 'area', one.line, 'variant_of', 'differs from the main wording in claimant, day, measure or value, or is none'
FROM sizes AS one JOIN sizes AS main ON main.id = one.variant_of
WHERE main.variant_of <> '' OR one.claimant <> main.claimant OR one.side <> main.side OR one.reported <> main.reported
  OR one.kind <> main.kind OR abs(one.size - main.size) > main.size / 5
  OR replace(one.measure, '_in_window', '') <> replace(main.measure, '_in_window', '');

-- ranges: the two ends name each other
SELECT 'area', one.line, 'range_with', 'is not the other end: same claimant, measure, unit and days, at_least and at_most'
FROM area AS one JOIN area AS other ON other.id = one.range_with
WHERE other.range_with <> one.id OR one.claimant <> other.claimant OR one.measure <> other.measure OR one.unit <> other.unit
  OR one.reported <> other.reported OR one.as_of <> other.as_of
  OR one.qualifier <> iif(CAST(one.value AS REAL) < CAST(other.value AS REAL), 'at_least', 'at_most');

-- ledger
WITH dated AS (
  SELECT *, coalesce(nullif(place_id, ''), candidate_place_ids) AS place FROM retaken WHERE reported <> '' AND variant = 'false'
), repeats AS (SELECT *, first_value(id) OVER (PARTITION BY place ORDER BY reported, id) AS earliest FROM dated),
counted AS (SELECT place, min(reported) AS day FROM dated WHERE official = 'true' GROUP BY place)
SELECT 'retaken', line, 'official', 'is true for the Defence Ministry and the General Staff only' FROM retaken
WHERE (official = 'true') <> (claimant IN ('Russian Defence Ministry', 'Russian General Staff'))
UNION ALL SELECT 'retaken', line, 'place_id', 'a claim has one place or several candidates' FROM retaken
WHERE (place_id = '') = (candidate_place_ids = '')
UNION ALL SELECT 'retaken', retaken.line, 'place_id', 'lies outside the Kursk oblast' FROM retaken JOIN places ON places.id = retaken.place_id
WHERE oblast <> 'Kursk'
UNION ALL SELECT 'retaken', line, 'repeat_of', 'the earliest claim on this place is ' || earliest FROM repeats
WHERE repeat_of <> iif(earliest = id, '', earliest)
UNION ALL SELECT 'retaken', max(line), 'in_tass_count', 'TASS counted 32 settlements; marked are ' || count(*) || ' rows' FROM retaken
WHERE in_tass_count = 'true' HAVING count(*) <> 32 OR count(DISTINCT place_id) <> 32
UNION ALL SELECT 'area', area.line, 'value', value || ' settlements, but the ledger has ' || count(place) || ' for this window'
FROM area LEFT JOIN counted ON day BETWEEN window_start AND window_end
WHERE measure = 'settlements_retaken_in_window' AND qualifier = 'exact' AND variant_of = '' AND window_end <> ''
  AND claimant IN ('Russian Defence Ministry', 'Russian General Staff', 'Valery Gerasimov')
GROUP BY area.line HAVING count(place) <> CAST(value AS REAL);

-- curve-of-a-map: an area does not leave a value for one day and return, nor grow or shrink by half for one
WITH series AS (
  SELECT line, observer, pocket, date, 'held_km2' AS col, held_km2 AS value FROM control
  UNION ALL SELECT line, observer, pocket, date, 'unclear_km2', unclear_km2 FROM control
), days AS (
  SELECT *, lag(value) OVER around AS before, lead(value) OVER around AS after FROM series
  WINDOW around AS (PARTITION BY observer, pocket, col ORDER BY date)
)
SELECT 'control', line, col, iif(value = '', 'empty', value) || '; the day before ' || before || ', the day after ' || after FROM days
WHERE (before = after AND value <> before) OR (before <> '' AND value <> '' AND after <> '' AND
  (value + 0 > 1.5 * max(before + 0, after + 0) OR value * 1.5 < min(before + 0, after + 0)))
UNION ALL SELECT 'control', line, 'snapshot', snapshot || ' is not of this day' FROM control
WHERE date <> iif(observer = 'deepstate', date(rtrim(snapshot, '.gejson'), 'unixepoch'),
  substr(snapshot, 1, 4) || '-' || substr(snapshot, 5, 2) || '-' || substr(snapshot, 7, 2))
UNION ALL SELECT 'control', line, 'status', 'is drawn exactly where there is an area' FROM control
WHERE (status = 'drawn') <> (held_km2 <> '' OR unclear_km2 <> '');

-- outline: no point of the border lies off the way from the one before to the one after (69.8 and 111.2 km a degree)
WITH steps AS (
  SELECT line, lon * 69.8 AS x, lat * 111.2 AS y, lag(lon) OVER way * 69.8 AS x1, lag(lat) OVER way * 111.2 AS y1,
    lead(lon) OVER way * 69.8 AS x2, lead(lat) OVER way * 111.2 AS y2 FROM border WINDOW way AS (ORDER BY "order")
), squares AS (SELECT line, (x - x1) * (x - x1) + (y - y1) * (y - y1) + (x - x2) * (x - x2) + (y - y2) * (y - y2) AS way,
  (x1 - x2) * (x1 - x2) + (y1 - y2) * (y1 - y2) AS direct FROM steps)
SELECT 'border', line, 'lat', 'is off the line from the point before to the point after' FROM squares
WHERE way > max(4 * direct, 200);

-- positions
SELECT 'places', line, 'lat', 'a position has coordinates, a grade and an error, or none of them' FROM places
WHERE (lat = '') <> (lon = '') OR (lat = '') <> (position_grade = '') OR (lat = '') <> (position_error_km = '')
UNION ALL SELECT 'places', line, 'lat', 'is over 12 km from the next place of ' || district FROM (
  SELECT one.id, one.line, one.district, (one.lon - other.lon) * 69.8 AS east, (one.lat - other.lat) * 111.2 AS north
  FROM places AS one JOIN places AS other ON other.district = one.district AND other.id <> one.id
  WHERE one.lat <> '' AND other.lat <> '' AND one.district <> '')
GROUP BY id HAVING count(*) > 1 AND min(east * east + north * north) > 144;

-- spellings: a name has the same consonants in all languages, Ukrainian words of another form apart
WITH sounds AS (
  SELECT *, sound(name_en, 'shch=3 sh=1 zh=1 ch=2 kh=4 z=s') AS en, sound(name_ru, '') AS ru, sound(name_uk, '') AS uk,
    sound(name_de, 'schtsch=3 tsch=2 sch=1 ch=4 z=ts w=v h=g') AS de FROM places
), words AS (SELECT *, replace(replace(replace(replace(replace(replace(replace(
  ru, 'nkl', 'mkl'), 'bl1', 'vlk'), 'mdv', 'vdm'), 'ktabr', '1vtn'), 'put', '1la4'), 'kasa2', 'ksa2'), 'samst', 'samsta') AS changed FROM sounds)
SELECT 'places', line, 'name_en', name_en || ' is not ' || name_ru || ' in Latin letters' FROM words WHERE en <> ru
UNION ALL SELECT 'places', line, 'name_uk', name_uk || ' is not ' || name_ru || ' in Ukrainian' FROM words WHERE uk NOT IN (ru, changed)
UNION ALL SELECT 'places', line, 'name_de', name_de || ' is not ' || name_ru || ' in German letters' FROM words WHERE de NOT IN (ru, uk)
UNION ALL SELECT 'places', line, 'name_ru', name_ru || ' has a letter that Russian does not have' FROM places WHERE name_ru REGEXP '[іїєґІЇЄҐ’]'
UNION ALL SELECT 'places', line, 'name_uk', name_uk || ' has a letter that Ukrainian does not have' FROM places WHERE name_uk REGEXP '[ыэъёЫЭЪЁ]';
