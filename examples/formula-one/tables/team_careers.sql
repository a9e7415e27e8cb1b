/*---
cumulative = true
latest = ["constructorId"]
---*/
-- What each team had done by the end of each of its races.
WITH done AS (
  SELECT constructorId, raceId, MAX(CASE WHEN position = 1 THEN 1 END) AS won FROM results GROUP BY constructorId, raceId
),
summed AS (
  SELECT d.constructorId, d.raceId, d.won, r.year, r.name AS race, COUNT(*) OVER career AS starts, COUNT(d.won) OVER career AS wins
  FROM done d JOIN races r ON r.raceId = d.raceId
  WINDOW career AS (PARTITION BY d.constructorId ORDER BY r.year, r.round)
)
SELECT s.constructorId, s.raceId, s.starts, s.wins,   -- the last win is the one with as many wins as now
  w.year AS win_year, w.race AS win_race, s.starts - w.starts AS starts_since_win
FROM summed s LEFT JOIN summed w ON w.constructorId = s.constructorId AND w.wins = s.wins AND w.won = 1
