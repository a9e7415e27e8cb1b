-- The drivers' championship after each race; `before` is the place after the race before. Who was excluded has no place;
-- `nth` goes on where several are level, `level` says how many have the same place.
SELECT
  s.raceId, r.year, r.number, r.race, r.season, r.round, s.driverId, p.driver, d.surname, td.driverRef, s.points, s.position AS place,
  row_number() OVER (PARTITION BY s.raceId ORDER BY s.position NULLS LAST, s.driverId) AS nth,
  count(*) OVER (PARTITION BY s.raceId, s.position) AS level, lag(s.position) OVER (PARTITION BY r.year, s.driverId ORDER BY r.number) AS before
FROM driverStandings s
JOIN calendar r USING (raceId)
JOIN people p USING (driverId)
JOIN drivers d USING (driverId)
LEFT JOIN told_drivers td USING (driverId)
ORDER BY r.year, r.number, s.position NULLS LAST, s.driverId
