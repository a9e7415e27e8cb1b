/*---
cumulative = true
latest = ["driverId"]
---*/
-- The drivers who have won, at each race that they won: `nth` counts the races that had a winner, `wins` their own.
WITH won AS (SELECT DISTINCT raceId, driverId FROM results WHERE position = 1)
SELECT w.driverId, w.raceId,
  COUNT(*) OVER (PARTITION BY w.driverId ORDER BY r.year, r.round) AS wins,
  DENSE_RANK() OVER (ORDER BY r.year, r.round) AS nth
FROM won w JOIN races r ON r.raceId = w.raceId
