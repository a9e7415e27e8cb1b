/*---
title = "Milestone wins"
tell = "#code# is looking for #next.ordinal.a# win"
score = "score"

[question]
ask = "How many wins did #driver# have before the #season# #race#?"
answer = "reached"
---*/
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, wins AS reached, n AS next, 100 * 1.0 * roundness * n / (n + 25) AS score
FROM field JOIN careers USING (driverId) JOIN milestones ON n = wins + 1
WHERE year = :season AND round = :round AND wins > 0
