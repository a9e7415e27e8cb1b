-- Who was on pole position in each race, and for which team: one row for each race.
SELECT
  o.raceId, o.driverId, p.driver, td.driverRef,
  coalesce(
    (SELECT min(x.constructorId) FROM results x WHERE x.raceId = o.raceId AND x.driverId = o.driverId AND x.grid = 1),
    (SELECT min(q.constructorId) FROM qualifying q WHERE q.raceId = o.raceId AND q.driverId = o.driverId AND q.position = 1)
  ) AS constructorId
FROM poles o
JOIN people p ON p.driverId = o.driverId
LEFT JOIN told_drivers td ON td.driverId = o.driverId
