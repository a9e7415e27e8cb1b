/*---
title = "Runs of finishes in the points"
tell = "#code# has finished in the points in #streak# races in a row"
score = "score"
---*/
WITH field AS (SELECT DISTINCT driverId, code, driver, race FROM entrants WHERE year = :season AND round = :round)
SELECT driverId, code, driver, race, points_run AS streak, 100 * 0.5 * points_run / (points_run + 15) AS score
FROM field JOIN careers USING (driverId)
WHERE points_run >= 5
