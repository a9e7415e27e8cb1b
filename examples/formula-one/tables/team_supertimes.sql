-- The best lap of each team at a race, as a percentage of the best lap by anyone that weekend: 100 is the best,
-- whose place is 1: places are compared, not percentages, which are rounded by the machine.
WITH best AS (
  SELECT raceId, constructorId, MIN(seconds) AS seconds FROM best_laps GROUP BY raceId, constructorId
)
SELECT
  r.raceId, r.year, r.round, c.circuitRef, l.layout, b.constructorId, t.name AS team, b.seconds,
  100 * b.seconds / MIN(b.seconds) OVER (PARTITION BY b.raceId) AS supertime,
  RANK() OVER (PARTITION BY b.raceId ORDER BY b.seconds) AS place
FROM best b
JOIN races r ON r.raceId = b.raceId
JOIN circuits c ON c.circuitId = r.circuitId
JOIN constructors t ON t.constructorId = b.constructorId
JOIN raceLayouts l ON l.raceId = r.raceId
ORDER BY r.year, r.round, supertime, team
