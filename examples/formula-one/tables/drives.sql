-- The results with names in place of numbers, and with what the pages of race, driver and team are called, if they have one.
-- `started` is 1 where the car took the start. A driver who drove two cars in a race has two lines.
SELECT
  x.resultId, x.raceId, r.year, r.number, r.race, r.date, r.circuitId, r.circuit, r.season, r.round, r.circuitRef,
  x.driverId, p.driver, d.surname, td.driverRef, x.constructorId, t.name AS team, tt.teamRef,
  x.grid, x.position, x.positionOrder, x.classification, x.sharedCar, x.points, x.laps, x.time, x.milliseconds,
  x.rank, x.fastestLapTime, x.sourceReason, s.status,
  CASE WHEN x.classification IN ('FIN', 'DNF', 'NC', 'DSQ') THEN 1 ELSE 0 END AS started
FROM results x
JOIN calendar r USING (raceId)
JOIN people p USING (driverId)
JOIN drivers d ON d.driverId = x.driverId
JOIN constructors t USING (constructorId)
LEFT JOIN told_drivers td ON td.driverId = x.driverId
LEFT JOIN told_teams tt ON tt.constructorId = x.constructorId
LEFT JOIN status s USING (statusId)
ORDER BY r.year, r.number, x.positionOrder
