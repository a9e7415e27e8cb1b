/*---
title = "Milestone fastest laps"
tell = "#code# is looking for #next.ordinal.a# fastest lap"
score = "score"

[question]
ask = "How many fastest laps did #driver# have before the #season# #race#?"
answer = "reached"
---*/
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, fastest_laps AS reached, n AS next, 100 * 0.6 * roundness * n / (n + 20) AS score
FROM field JOIN careers USING (driverId) JOIN milestones ON n = fastest_laps + 1
WHERE year = :season AND round = :round AND fastest_laps > 0 AND untold_laps = 0
