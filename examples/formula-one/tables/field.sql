/*---
cumulative = true
---*/
-- The drivers entered for each race, each of them once, also where two teams entered them. `nth` counts their races.
WITH entered AS (
  SELECT DISTINCT e.raceId, e.driverId, r.year, r.round FROM entries e JOIN races r ON r.raceId = e.raceId
),
counted AS (
  SELECT raceId, driverId, ROW_NUMBER() OVER (PARTITION BY driverId ORDER BY year, round) AS nth FROM entered
)
SELECT c.raceId, r.year, r.round, r.name AS race, r.date, r.circuitId, c.driverId, p.driver, p.code, p.dob, c.nth
FROM counted c
JOIN races r ON r.raceId = c.raceId
JOIN people p ON p.driverId = c.driverId
