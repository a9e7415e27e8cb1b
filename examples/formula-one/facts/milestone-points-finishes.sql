/*---
title = "Milestone finishes in the points"
tell = "#code# is looking for #next.ordinal.a# finish in the points"
score = "score"
---*/
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, points_finishes AS reached, n AS next, 100 * 0.5 * roundness * n / (n + 65) AS score
FROM field JOIN careers USING (driverId) JOIN milestones ON n = points_finishes + 1
WHERE year = :season AND round = :round AND points_finishes > 0
