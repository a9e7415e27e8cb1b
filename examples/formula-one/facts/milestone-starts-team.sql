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
WITH counts AS (
  SELECT driverId, constructorId, CASE :counted WHEN 'row' THEN starts WHEN 'start' THEN started ELSE finishes END AS reached FROM stints
)
SELECT
  driverId, constructorId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, team, reached, n AS next,
  CASE :counted WHEN 'classified' THEN 'classified finish' ELSE 'start' END AS counting,
  CASE :counted WHEN 'start' THEN ' (cars that took the start)' ELSE '' END AS detail,
  100 * 0.6 * roundness * n / (n + 35) AS score
FROM entrants JOIN counts USING (driverId, constructorId) JOIN milestones ON n = reached + 1
WHERE year = :season AND round = :round AND reached > 0
