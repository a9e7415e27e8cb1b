-- Who is entered for which race: one row per race, driver and team.
-- `code` names a driver in one word; drivers who met a namesake in a race (Hill and Hill, Monteiro and Montagny) are
-- listed in `names` and go by their full name.
SELECT
  e.raceId, r.year, r.round, r.name AS race, r.date, r.circuitId,
  e.driverId, d.forename || ' ' || d.surname AS driver, d.dob, COALESCE(n.name, d.code, d.surname) AS code,
  e.constructorId, t.name AS team
FROM entries e
JOIN races r ON r.raceId = e.raceId
JOIN drivers d ON d.driverId = e.driverId
JOIN constructors t ON t.constructorId = e.constructorId
LEFT JOIN names n ON n.driverId = e.driverId
