/*---
title = "Runs of finishes in the points"
tell = "#code# has finished in the points in each of their last #streak# races"
score = "score"
---*/
WITH history AS (
  SELECT e.driverId, h.raceId, MAX(CASE WHEN h.position IS NOT NULL AND h.points > 0 THEN 1 ELSE 0 END) AS scored
  FROM races r JOIN entries e ON e.raceId = r.raceId JOIN results h ON h.driverId = e.driverId
  WHERE r.year = :season AND r.round = :round
  GROUP BY e.driverId, h.raceId
),
runs AS (   -- the races of a driver after the last one without points
  SELECT driverId, scored, MIN(scored) OVER (PARTITION BY driverId ORDER BY p.date DESC) AS unbroken
  FROM history h JOIN races p ON p.raceId = h.raceId
),
streaks AS (SELECT driverId, SUM(unbroken) AS streak FROM runs GROUP BY driverId HAVING SUM(unbroken) >= 5),
field AS (SELECT driverId, code, driver, race FROM entrants WHERE year = :season AND round = :round)
SELECT DISTINCT driverId, code, driver, race, streak, 100 * 0.5 * streak / (streak + 15) AS score
FROM streaks JOIN field USING (driverId)
