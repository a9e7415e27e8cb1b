/*---
title = "Drivers who could reach the podium for the first time"
tell = "#code# could reach the podium for the first time, after #finishes# finishes in the points"
score = "score"
---*/
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, points_finishes AS finishes, 100 * 0.45 * points_finishes / (points_finishes + 40) AS score
FROM field JOIN careers USING (driverId)
WHERE year = :season AND round = :round AND podiums = 0 AND points_finishes >= 5
