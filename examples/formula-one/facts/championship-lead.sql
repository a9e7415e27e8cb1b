/*---
title = "Who leads the championship"
tell = "#code# leads the championship#ahead#"
score = "score"
---*/
WITH latest AS (
  SELECT MAX(p.round) AS round FROM races r JOIN races p ON p.year = r.year AND p.round < r.round WHERE r.year = :season AND r.round = :round
),
table_now AS (
  SELECT s.driverId, s.points, ROW_NUMBER() OVER (ORDER BY s.position, s.driverId) AS place
  FROM latest JOIN races p ON p.year = :season AND p.round = latest.round JOIN driverStandings s ON s.raceId = p.raceId
),
lead AS (
  SELECT a.driverId, b.driverId AS second, ROUND(a.points - b.points, 2) AS points
  FROM table_now a JOIN table_now b ON a.place = 1 AND b.place = 2
  WHERE a.points > b.points
),
field AS (SELECT driverId, code, driver, race FROM entrants WHERE year = :season AND round = :round),
words AS (
  SELECT driverId, second, points, CASE
    WHEN points = 1 THEN '1 point'
    WHEN points = FLOOR(points) THEN CAST(CAST(points AS INTEGER) AS VARCHAR) || ' points'
    ELSE CAST(points AS VARCHAR) || ' points' END AS lead_words
  FROM lead
)
SELECT DISTINCT f.driverId, f.code, f.driver, f.race, points AS lead,   -- a second who is not entered here has no code here
  CASE WHEN s.code IS NULL THEN ' by ' || lead_words ELSE ', ' || lead_words || ' ahead of ' || s.code END AS ahead, 25 AS score
FROM words w JOIN field f ON f.driverId = w.driverId LEFT JOIN field s ON s.driverId = w.second
