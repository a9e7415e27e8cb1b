/*---
title = "First race for a team"
tell = "#code# is entered for #team# for the first time"
score = "score"
---*/
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, team, nth - 1 AS races_before, 100 * 0.4 * (nth - 1) / (nth - 1 + 100) AS score
FROM entrants
WHERE year = :season AND round = :round AND nth > 1 AND nth_for_team = 1
