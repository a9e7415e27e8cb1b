-- The best lap of each driver at a race, as a percentage of the best lap by anyone that weekend: 100 is the best.
SELECT
  r.year, r.round, c.circuitRef, l.layout, t.name AS team, d.driverRef, d.code, b.seconds,
  100 * b.seconds / MIN(b.seconds) OVER (PARTITION BY b.raceId) AS supertime
FROM best_laps b
JOIN races r ON r.raceId = b.raceId
JOIN circuits c ON c.circuitId = r.circuitId
JOIN constructors t ON t.constructorId = b.constructorId
JOIN drivers d ON d.driverId = b.driverId
LEFT JOIN layouts l ON l.year = r.year AND l.round = r.round AND l.circuitRef = c.circuitRef
ORDER BY r.year, r.round, supertime, driverRef
