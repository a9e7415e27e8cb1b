/*---
title = "Who leads the championship"
tell = "#code# leads the championship, #lead_words# ahead of #second#"
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
  SELECT a.driverId, d.forename || ' ' || d.surname AS second, ROUND(a.points - b.points, 2) AS points
  FROM table_now a JOIN table_now b ON a.place = 1 AND b.place = 2 JOIN drivers d ON d.driverId = b.driverId
  WHERE a.points > b.points
),
field AS (SELECT driverId, code, driver, race FROM entrants WHERE year = :season AND round = :round)
SELECT DISTINCT driverId, code, driver, race, points AS lead, second,
  CASE
    WHEN points = 1 THEN '1 point'
    WHEN points = FLOOR(points) THEN CAST(CAST(points AS INTEGER) AS VARCHAR) || ' points'
    ELSE CAST(points AS VARCHAR) || ' points'
  END AS lead_words, 25 AS score
FROM lead JOIN field USING (driverId)
