/*---
title = "Runs of wins"
tell = "#code# has won the last #streak# races: another win would be the #next.ordinal# in a row"
score = "score"
---*/
WITH won AS (SELECT DISTINCT h.driverId, p.date FROM results h JOIN races p ON p.raceId = h.raceId WHERE h.position = 1),
wins AS (   -- how many races ago a win was, and how many wins of the same driver ago: equal as long as nobody else won
  SELECT driverId, DENSE_RANK() OVER (ORDER BY date DESC) AS ago, ROW_NUMBER() OVER (PARTITION BY driverId ORDER BY date DESC) AS nth
  FROM won
),
streaks AS (SELECT driverId, COUNT(*) AS streak FROM wins WHERE ago = nth GROUP BY driverId HAVING COUNT(*) >= 2),
field AS (SELECT driverId, code, driver, race FROM entrants WHERE year = :season AND round = :round)
SELECT DISTINCT driverId, code, driver, race, streak, streak + 1 AS next, 100 * 0.9 * streak / (streak + 4) AS score
FROM streaks JOIN field USING (driverId)
