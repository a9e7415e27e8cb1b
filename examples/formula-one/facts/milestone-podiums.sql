/*---
title = "Milestone podiums"
tell = "#code# is looking for #next.ordinal.a# podium"
score = "score"

[question]
ask = "How many podium finishes did #driver# have before the #season# #race#?"
answer = "reached"
---*/
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, podiums AS reached, n AS next, 100 * 0.75 * roundness * n / (n + 40) AS score
FROM field JOIN careers USING (driverId) JOIN milestones ON n = podiums + 1
WHERE year = :season AND round = :round AND podiums > 0
