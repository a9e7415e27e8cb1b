/*---
title = "Runs of finishes in the points"
tell = "#code# has finished in the points in #streak# races in a row"
score = "score"
---*/
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, points_run AS streak, 100 * 0.5 * points_run / (points_run + 15) AS score
FROM field JOIN careers USING (driverId)
WHERE year = :season AND round = :round AND points_run >= 5
