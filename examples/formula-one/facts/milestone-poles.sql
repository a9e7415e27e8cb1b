/*---
title = "Milestone pole positions"
tell = "#code# is looking for their #next.ordinal# pole position"
score = "score"

[question]
ask = "How many pole positions did #driver# have before the #season# #race#?"
answer = "reached"
---*/
WITH reached AS (
  SELECT e.driverId, COUNT(DISTINCT h.raceId) AS reached
  FROM races r JOIN entries e ON e.raceId = r.raceId JOIN poles h ON h.driverId = e.driverId
  WHERE r.year = :season AND r.round = :round
  GROUP BY e.driverId
)
SELECT driverId, code, driver, races.name AS race, reached, n AS next, 100 * 0.9 * roundness * n / (n + 25) AS score
FROM reached JOIN milestones ON n = reached + 1 JOIN people USING (driverId) JOIN races ON year = :season AND round = :round
