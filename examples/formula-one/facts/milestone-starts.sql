/*---
title = "Milestone race starts"
tell = "#code# is looking for their #next.ordinal# #counting#"
score = "score"

[parameters]     # what counts as a start: any row in the results, cars that took the start, or cars that were classified
counted = { default = "row", choices = ["row", "start", "classified"] }
---*/
WITH counts AS (
  SELECT driverId, CASE :counted WHEN 'row' THEN starts WHEN 'start' THEN started ELSE finishes END AS reached FROM careers
)
SELECT
  driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, reached, n AS next,
  CASE :counted
    WHEN 'row' THEN 'race start'
    WHEN 'start' THEN 'race start (cars that took the start)'
    ELSE 'classified finish'
  END AS counting,
  100 * 0.8 * roundness * n / (n + 100) AS score
FROM field JOIN counts USING (driverId) JOIN milestones ON n = reached + 1
WHERE year = :season AND round = :round AND reached > 0
