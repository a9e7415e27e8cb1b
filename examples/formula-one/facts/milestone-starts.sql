/*---
title = "Milestone race starts"
tell = "#code# is looking for their #next.ordinal# #counting#"
score = "score"

[parameters]     # what counts as a start: any row in the results, cars that took the start, or cars that were classified
counted = { default = "row", choices = ["row", "start", "classified"] }
---*/
WITH reached AS (
  SELECT e.driverId, COUNT(DISTINCT h.raceId) AS reached
  FROM races r JOIN entries e ON e.raceId = r.raceId JOIN results h ON h.driverId = e.driverId
  WHERE r.year = :season AND r.round = :round AND (
    :counted = 'row'
    OR :counted = 'start' AND h.classification IN ('FIN', 'DNF', 'NC', 'DSQ')
    OR :counted = 'classified' AND h.position IS NOT NULL
  )
  GROUP BY e.driverId
)
SELECT
  driverId, code, driver, races.name AS race, reached, n AS next,
  CASE :counted
    WHEN 'row' THEN 'race start'
    WHEN 'start' THEN 'race start (cars that took the start)'
    ELSE 'classified finish'
  END AS counting,
  100 * 0.8 * roundness * n / (n + 100) AS score
FROM reached JOIN milestones ON n = reached + 1 JOIN people USING (driverId) JOIN races ON year = :season AND round = :round
