/*---
cumulative = true
---*/
-- Who is entered for which race: one row per race, driver and team. `nth` counts the races that a driver was entered for,
-- `nth_for_team` those by the same team.
SELECT
  e.raceId, r.year, r.round, r.name AS race, r.date, r.circuitId,
  e.driverId, p.driver, p.code, p.dob, e.constructorId, t.name AS team,
  DENSE_RANK() OVER (PARTITION BY e.driverId ORDER BY r.year, r.round) AS nth,
  DENSE_RANK() OVER (PARTITION BY e.driverId, e.constructorId ORDER BY r.year, r.round) AS nth_for_team
FROM races r
JOIN entries e ON e.raceId = r.raceId
JOIN people p ON p.driverId = e.driverId
JOIN constructors t ON t.constructorId = e.constructorId
