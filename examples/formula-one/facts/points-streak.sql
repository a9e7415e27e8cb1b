/*---
title = "Runs of finishes in the points"
tell = "#code# has finished in the points in each of their last #streak# races"
score = "score"
---*/
WITH history AS (   -- each earlier race of a driver once, also where they shared cars
  SELECT e.driverId, h.raceId, p.date, MAX(CASE WHEN h.position IS NOT NULL AND h.points > 0 THEN 1 ELSE 0 END) AS scored
  FROM races r JOIN entries e ON e.raceId = r.raceId JOIN results h ON h.driverId = e.driverId JOIN races p ON p.raceId = h.raceId
  WHERE r.year = :season AND r.round = :round
  GROUP BY e.driverId, h.raceId, p.date
),
blanks AS (SELECT driverId, MAX(date) AS date FROM history WHERE scored = 0 GROUP BY driverId),
streaks AS (   -- the run begins with the race after the last one without points
  SELECT h.driverId, COUNT(*) AS streak
  FROM history h LEFT JOIN blanks b ON b.driverId = h.driverId
  WHERE b.date IS NULL OR h.date > b.date
  GROUP BY h.driverId HAVING COUNT(*) >= 5
)
SELECT driverId, code, driver, races.name AS race, streak, 100 * 0.5 * streak / (streak + 15) AS score
FROM streaks JOIN people USING (driverId) JOIN races ON year = :season AND round = :round
