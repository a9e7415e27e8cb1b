/*---
title = "Milestone podiums"
tell = "#code# is looking for their #next.ordinal# podium"
score = "score"

[question]
ask = "How many podium finishes did #driver# have before the #season# #race#?"
answer = "reached"
---*/
WITH reached AS (
  SELECT e.driverId, COUNT(DISTINCT h.raceId) AS reached
  FROM races r JOIN entries e ON e.raceId = r.raceId JOIN results h ON h.driverId = e.driverId
  WHERE r.year = :season AND r.round = :round AND h.position <= 3
  GROUP BY e.driverId
)
SELECT driverId, code, driver, races.name AS race, reached, n AS next, 100 * 0.75 * roundness * n / (n + 40) AS score
FROM reached JOIN milestones ON n = reached + 1 JOIN people USING (driverId) JOIN races ON year = :season AND round = :round
