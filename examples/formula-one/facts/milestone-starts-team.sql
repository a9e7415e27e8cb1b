/*---
title = "Milestone starts for a team"
tell = "#code# is looking for their #next.ordinal# #counting# for #team##detail#"
score = "score"

[parameters]     # what counts as a start: any row in the results, cars that took the start, or cars that were classified
counted = { default = "row", choices = ["row", "start", "classified"] }

[question]
ask = "How many #counting.s# for #team# did #driver# have before the #season# #race##detail#?"
answer = "reached"
---*/
WITH reached AS (
  SELECT e.driverId, e.constructorId, COUNT(DISTINCT h.raceId) AS reached
  FROM races r JOIN entries e ON e.raceId = r.raceId
  JOIN results h ON h.driverId = e.driverId AND h.constructorId = e.constructorId
  WHERE r.year = :season AND r.round = :round AND (
    :counted = 'row'
    OR :counted = 'start' AND h.classification IN ('FIN', 'DNF', 'NC', 'DSQ')
    OR :counted = 'classified' AND h.position IS NOT NULL
  )
  GROUP BY e.driverId, e.constructorId
)
SELECT
  driverId, constructorId, code, driver, races.name AS race, constructors.name AS team, reached, n AS next,
  CASE :counted WHEN 'classified' THEN 'classified finish' ELSE 'start' END AS counting,
  CASE :counted WHEN 'start' THEN ' (cars that took the start)' ELSE '' END AS detail,
  100 * 0.6 * roundness * n / (n + 35) AS score
FROM reached JOIN milestones ON n = reached + 1
JOIN people USING (driverId) JOIN constructors USING (constructorId) JOIN races ON year = :season AND round = :round
