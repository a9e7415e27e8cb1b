/*---
title = "Milestone pole positions"
tell = "#code# is looking for #next.ordinal.a# pole position"
score = "score"

[question]
ask = "How many pole positions did #driver# have before the #season# #race#?"
answer = "reached"
---*/
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, poles AS reached, n AS next, 100 * 0.9 * roundness * n / (n + 25) AS score
FROM field JOIN careers USING (driverId) JOIN milestones ON n = poles + 1
WHERE year = :season AND round = :round AND poles > 0
