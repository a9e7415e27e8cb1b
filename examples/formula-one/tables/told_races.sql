-- The races that have a page.
SELECT raceId, year AS season, round FROM races WHERE year BETWEEN :since AND :until
