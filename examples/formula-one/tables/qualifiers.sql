/*---
cumulative = true
---*/
-- The places in qualifying, each with its race.
SELECT q.raceId, r.year, r.round, q.driverId, q.position
FROM qualifying q JOIN races r ON r.raceId = q.raceId
