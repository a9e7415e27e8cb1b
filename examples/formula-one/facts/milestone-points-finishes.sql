/*---
title = "Milestone finishes in the points"
tell = "#code# is looking for their #next.ordinal# finish in the points"
score = "score"
---*/
WITH reached AS (
  SELECT e.driverId, COUNT(DISTINCT h.raceId) AS reached
  FROM races r JOIN entries e ON e.raceId = r.raceId JOIN results h ON h.driverId = e.driverId
  WHERE r.year = :season AND r.round = :round AND h.position IS NOT NULL AND h.points > 0
  GROUP BY e.driverId
)
SELECT driverId, code, driver, races.name AS race, reached, n AS next, 100 * 0.5 * roundness * n / (n + 65) AS score
FROM reached JOIN milestones ON n = reached + 1 JOIN people USING (driverId) JOIN races ON year = :season AND round = :round
