-- The last race of each season that was run, and whether it was the last of all: then the season is over.
SELECT year, arg_max(raceId, number) AS raceId, max(number) AS number, max(number) = max(races) AS over
FROM calendar WHERE run GROUP BY year
