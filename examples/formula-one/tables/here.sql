/*---
cumulative = true
latest = ["circuitId", "driverId"]
---*/
-- Wins and pole positions of each driver at each circuit, by the end of each race where there was one.
WITH done AS (
  SELECT raceId, driverId, 1 AS won, NULL AS pole FROM results WHERE position = 1
  UNION ALL SELECT raceId, driverId, NULL, 1 FROM poles
),
once AS (SELECT raceId, driverId, MAX(won) AS won, MAX(pole) AS pole FROM done GROUP BY raceId, driverId)
SELECT r.circuitId, o.driverId, o.raceId, COUNT(o.won) OVER here AS wins, COUNT(o.pole) OVER here AS poles
FROM once o JOIN races r ON r.raceId = o.raceId
WINDOW here AS (PARTITION BY r.circuitId, o.driverId ORDER BY r.year, r.round)
