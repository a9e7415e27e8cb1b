-- Who is entered for which race: one row per race, driver and team.
SELECT
  e.raceId, r.year, r.round, r.name AS race, r.date, r.circuitId,
  e.driverId, p.driver, p.code, p.dob, e.constructorId, t.name AS team
FROM races r
JOIN entries e ON e.raceId = r.raceId
JOIN people p ON p.driverId = e.driverId
JOIN constructors t ON t.constructorId = e.constructorId
