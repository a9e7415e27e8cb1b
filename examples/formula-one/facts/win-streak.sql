/*---
title = "Runs of wins"
tell = "#code# has won the last #streak# races: another win would be the #next.ordinal# in a row"
score = "score"
---*/
WITH latest AS (SELECT MAX(nth) AS win FROM winners)   -- of anybody: nobody else has won since
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, wins_run AS streak, wins_run + 1 AS next, 100 * 0.9 * wins_run / (wins_run + 4) AS score
FROM field JOIN careers USING (driverId) JOIN latest ON win_nth = latest.win
WHERE year = :season AND round = :round AND wins_run >= 2
