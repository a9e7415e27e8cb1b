/*---
title = "Runs of wins"
tell = "#code# has won the last #streak# races: another win would be the #next.ordinal# in a row"
score = "score"
---*/
WITH calendar AS (SELECT raceId, ROW_NUMBER() OVER (ORDER BY date DESC) AS ago FROM races WHERE raceId IN (SELECT raceId FROM results)),
wins AS (
  SELECT driverId, ago, ROW_NUMBER() OVER (PARTITION BY driverId ORDER BY ago) AS nth
  FROM calendar JOIN (SELECT DISTINCT raceId, driverId FROM results WHERE position = 1) AS won USING (raceId)
),
streaks AS (SELECT driverId, COUNT(*) AS streak FROM wins WHERE ago = nth GROUP BY driverId HAVING COUNT(*) >= 2),
field AS (SELECT driverId, code, driver, race FROM entrants WHERE year = :season AND round = :round)
SELECT DISTINCT driverId, code, driver, race, streak, streak + 1 AS next, 100 * 0.9 * streak / (streak + 4) AS score
FROM streaks JOIN field USING (driverId)
