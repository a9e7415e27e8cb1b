-- Lap times as numbers: one row per race, driver, team and session (q1, q2, q3 and the fastest lap of the race).
-- "1:27.958" is 87.958, "58.3" is 58.3, "1:02:03.4" is 3723.4; text that is no time (blanks, "DNF", "1:2x") leaves no row.
-- Qualifying for the Indianapolis 500 was one time over four laps: a quarter of it stands here.
WITH written AS (
  SELECT raceId, driverId, constructorId, 'q1' AS session, TRIM(q1) AS lap FROM qualifying
  UNION ALL SELECT raceId, driverId, constructorId, 'q2', TRIM(q2) FROM qualifying
  UNION ALL SELECT raceId, driverId, constructorId, 'q3', TRIM(q3) FROM qualifying
  UNION ALL SELECT raceId, driverId, constructorId, 'race', TRIM(fastestLapTime) FROM results
),
parts AS (
  SELECT raceId, driverId, constructorId, session, lap,
    REGEXP_EXTRACT(lap, '^(?:(?:([0-9]+):)?([0-5]?[0-9]):)?([0-5]?[0-9](?:\.[0-9]+)?)$', 1) AS hours,
    REGEXP_EXTRACT(lap, '^(?:(?:([0-9]+):)?([0-5]?[0-9]):)?([0-5]?[0-9](?:\.[0-9]+)?)$', 2) AS minutes,
    REGEXP_EXTRACT(lap, '^(?:(?:([0-9]+):)?([0-5]?[0-9]):)?([0-5]?[0-9](?:\.[0-9]+)?)$', 3) AS seconds
  FROM written
  WHERE lap IS NOT NULL
),
numbers AS (
  SELECT p.raceId, driverId, constructorId, session, lap,
    ROUND((3600 * COALESCE(TRY_CAST(hours AS DOUBLE), 0) + 60 * COALESCE(TRY_CAST(minutes AS DOUBLE), 0) + TRY_CAST(seconds AS DOUBLE))
      / CASE WHEN session = 'q1' AND r.name = 'Indianapolis 500' THEN 4 ELSE 1 END, 4) AS seconds
  FROM parts p JOIN races r ON r.raceId = p.raceId
)
SELECT * FROM numbers WHERE seconds > 0
