/*---
title = "Milestone fastest laps"
tell = "#code# is looking for their #next.ordinal# fastest lap"
score = "score"

[question]
ask = "How many fastest laps did #driver# have before the #season# #race#?"
answer = "reached"
---*/
WITH untold AS (   -- the races whose fastest lap is not known; Belgium 2021, a lap or two behind the safety car, had none
  SELECT w.raceId FROM results w LEFT JOIN results f ON f.raceId = w.raceId AND f.rank = 1
  WHERE w.position = 1 AND w.laps > 2 AND f.raceId IS NULL
),
doubtful AS (SELECT DISTINCT h.driverId FROM untold u JOIN results h ON h.raceId = u.raceId),   -- it may have been theirs
totals AS (
  SELECT e.driverId, COUNT(DISTINCT h.raceId) AS reached
  FROM races r JOIN entries e ON e.raceId = r.raceId JOIN results h ON h.driverId = e.driverId
  WHERE r.year = :season AND r.round = :round AND h.rank = 1
  GROUP BY e.driverId
)
SELECT totals.driverId, code, driver, races.name AS race, reached, n AS next, 100 * 0.6 * roundness * n / (n + 20) AS score
FROM totals JOIN milestones ON n = reached + 1 JOIN people ON people.driverId = totals.driverId
JOIN races ON year = :season AND round = :round LEFT JOIN doubtful ON doubtful.driverId = totals.driverId
WHERE doubtful.driverId IS NULL
