/*---
cumulative = true
latest = ["constructorId"]
---*/
-- What each team had done by the end of each of its races.
WITH done AS (
  SELECT constructorId, raceId, MAX(CASE WHEN position = 1 THEN 1 ELSE 0 END) AS won FROM results GROUP BY constructorId, raceId
),
summed AS (
  SELECT d.constructorId, d.raceId, r.year, r.round, r.name AS race,
    COUNT(*) OVER career AS starts, SUM(d.won) OVER career AS wins
  FROM done d JOIN races r ON r.raceId = d.raceId
  WINDOW career AS (PARTITION BY d.constructorId ORDER BY r.year, r.round)
)
SELECT constructorId, raceId, starts, wins,   -- the races with as many wins as now begin with the last one
  CASE WHEN wins > 0 THEN FIRST_VALUE(year) OVER since_win END AS win_year,
  CASE WHEN wins > 0 THEN FIRST_VALUE(race) OVER since_win END AS win_race,
  CASE WHEN wins > 0 THEN starts - FIRST_VALUE(starts) OVER since_win END AS starts_since_win
FROM summed
WINDOW since_win AS (PARTITION BY constructorId, wins ORDER BY year, round)
