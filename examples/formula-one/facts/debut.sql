/*---
title = "First race"
tell = "#code# is entered for a World Championship race for the first time"
score = "score"
---*/
WITH newcomers AS (SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race FROM field WHERE year = :season AND round = :round AND nth = 1)
SELECT driverId, code, driver, race, 100 * 0.7 / (1 + (SELECT COUNT(*) FROM newcomers)) AS score
FROM newcomers
