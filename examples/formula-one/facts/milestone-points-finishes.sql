/*---
title = "Milestone finishes in the points"
tell = "#code# is looking for #next.ordinal.a# finish in the points"
score = "score"
---*/
WITH field AS (SELECT DISTINCT driverId, code, driver, race FROM entrants WHERE year = :season AND round = :round)
SELECT driverId, code, driver, race, points_finishes AS reached, n AS next, 100 * 0.5 * roundness * n / (n + 65) AS score
FROM field JOIN careers USING (driverId) JOIN milestones ON n = points_finishes + 1
WHERE points_finishes > 0
