-- The best lap of each team at a race, as a percentage of the best lap by anyone that weekend: 100 is the best.
WITH best AS (
  SELECT raceId, constructorId, MIN(seconds) AS seconds FROM best_laps GROUP BY raceId, constructorId
)
SELECT
  r.year, r.round, c.circuitRef, l.layout, t.name AS team, b.seconds,
  100 * b.seconds / MIN(b.seconds) OVER (PARTITION BY b.raceId) AS supertime
FROM best b
JOIN races r ON r.raceId = b.raceId
JOIN circuits c ON c.circuitId = r.circuitId
JOIN constructors t ON t.constructorId = b.constructorId
LEFT JOIN layouts l ON l.year = r.year AND l.round = r.round AND l.circuitRef = c.circuitRef
ORDER BY r.year, r.round, supertime, team
