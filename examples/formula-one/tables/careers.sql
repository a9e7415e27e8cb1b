/*---
cumulative = true
latest = ["driverId"]
---*/
-- What each driver had done by the end of each of their races. A start is any row in the results;
-- `started` leaves out cars that did not take the start.
WITH done AS (   -- each race of a driver once, also where they shared cars
  SELECT driverId, raceId,
    MAX(CASE WHEN classification IN ('FIN', 'DNF', 'NC', 'DSQ') THEN 1 ELSE 0 END) AS started,
    MAX(CASE WHEN position IS NOT NULL THEN 1 ELSE 0 END) AS classified,
    MAX(CASE WHEN position IS NOT NULL AND points > 0 THEN 1 ELSE 0 END) AS scored,
    MAX(CASE WHEN position <= 3 THEN 1 ELSE 0 END) AS podium,
    MAX(CASE WHEN position = 1 THEN 1 ELSE 0 END) AS won,
    MAX(CASE WHEN rank = 1 THEN 1 ELSE 0 END) AS fastest,
    MAX(CASE WHEN grid = 1 AND classification <> 'DNS' THEN 1 ELSE 0 END) AS from_first,
    MAX(CASE WHEN grid = 1 AND position = 1 THEN 1 ELSE 0 END) AS won_from_first
  FROM results
  GROUP BY driverId, raceId
),
there AS (
  SELECT driverId, raceId, 1 AS pole FROM poles
  UNION ALL SELECT driverId, raceId, 0 FROM done
),
once AS (SELECT driverId, raceId, MAX(pole) AS pole FROM there GROUP BY driverId, raceId),
untold AS (   -- races whose fastest lap is not known; Belgium 2021, a lap or two behind the safety car, had none
  SELECT DISTINCT w.raceId FROM results w LEFT JOIN done f ON f.raceId = w.raceId AND f.fastest = 1
  WHERE w.position = 1 AND w.laps > 2 AND f.raceId IS NULL
),
won AS (
  SELECT raceId, ROW_NUMBER() OVER (ORDER BY year, round) AS nth FROM races WHERE raceId IN (SELECT raceId FROM done WHERE won = 1)
),
summed AS (
  SELECT o.driverId, o.raceId, r.year, r.round, r.name AS race, d.won, d.scored, w.nth,
    COUNT(d.raceId) OVER career AS starts, SUM(d.started) OVER career AS started, SUM(d.classified) OVER career AS finishes,
    SUM(d.scored) OVER career AS points_finishes, SUM(1 - d.scored) OVER career AS blanks, SUM(d.podium) OVER career AS podiums,
    COALESCE(SUM(d.won) OVER career, 0) AS wins, SUM(d.fastest) OVER career AS fastest_laps,
    COUNT(CASE WHEN d.raceId IS NOT NULL THEN u.raceId END) OVER career AS untold_laps,   -- which may have been theirs
    SUM(o.pole) OVER career AS poles,
    SUM(d.from_first) OVER career AS from_first, SUM(d.won_from_first) OVER career AS wins_from_first
  FROM once o
  JOIN races r ON r.raceId = o.raceId
  LEFT JOIN done d ON d.driverId = o.driverId AND d.raceId = o.raceId
  LEFT JOIN won w ON w.raceId = o.raceId
  LEFT JOIN untold u ON u.raceId = o.raceId
  WINDOW career AS (PARTITION BY o.driverId ORDER BY r.year, r.round)
),
runs AS (   -- as long as nobody else wins, the number of the race grows like that of the driver's wins
  SELECT summed.*,
    COUNT(CASE WHEN won = 1 THEN 1 END) OVER (PARTITION BY driverId, CASE WHEN won = 1 THEN nth - wins END ORDER BY year, round) AS wins_run
  FROM summed
)
SELECT driverId, raceId, starts, started, finishes, points_finishes, podiums, wins, fastest_laps, untold_laps,
  poles, from_first, wins_from_first,
  -- the races with as many wins, or pole positions, as now begin with the last one
  CASE WHEN wins > 0 THEN FIRST_VALUE(nth) OVER since_win END AS win_nth,
  CASE WHEN wins > 0 THEN FIRST_VALUE(year) OVER since_win END AS win_year,
  CASE WHEN wins > 0 THEN FIRST_VALUE(race) OVER since_win END AS win_race,
  CASE WHEN wins > 0 THEN starts - FIRST_VALUE(starts) OVER since_win END AS starts_since_win,
  CASE WHEN wins > 0 THEN FIRST_VALUE(wins_run) OVER since_win END AS wins_run,
  CASE WHEN poles > 0 THEN FIRST_VALUE(year) OVER since_pole END AS pole_year,
  CASE WHEN poles > 0 THEN FIRST_VALUE(race) OVER since_pole END AS pole_race,
  CASE WHEN poles > 0 THEN starts - FIRST_VALUE(starts) OVER since_pole END AS starts_since_pole,
  SUM(scored) OVER (PARTITION BY driverId, blanks ORDER BY year, round) AS points_run
FROM runs
WINDOW
  since_win AS (PARTITION BY driverId, wins ORDER BY year, round),
  since_pole AS (PARTITION BY driverId, poles ORDER BY year, round)
