/*---
cumulative = true
latest = ["driverId", "constructorId"]
---*/
-- What each driver had done for each team by the end of each of their races.
WITH done AS (   -- each race of a driver for a team once
  SELECT driverId, constructorId, raceId,
    MAX(CASE WHEN classification IN ('FIN', 'DNF', 'NC', 'DSQ') THEN 1 END) AS started,
    MAX(CASE WHEN position IS NOT NULL THEN 1 END) AS classified
  FROM results
  GROUP BY driverId, constructorId, raceId
)
SELECT d.driverId, d.constructorId, d.raceId,
  COUNT(*) OVER stint AS starts, COUNT(d.started) OVER stint AS started, COUNT(d.classified) OVER stint AS finishes
FROM done d JOIN races r ON r.raceId = d.raceId
WINDOW stint AS (PARTITION BY d.driverId, d.constructorId ORDER BY r.year, r.round)
