/*---
title = "Who leads the championship"
tell = "#code# leads the championship#ahead#"
score = "score"
---*/
WITH entered AS (SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race FROM field WHERE year = :season AND round = :round),
lead AS (
  SELECT driverId, second, points, CASE
    WHEN points = 1 THEN '1 point'
    WHEN points = FLOOR(points) THEN CAST(CAST(points AS INTEGER) AS VARCHAR) || ' points'
    ELSE CAST(points AS VARCHAR) || ' points' END AS lead_words
  FROM leads WHERE year = :season AND points > 0
)
SELECT f.driverId, f.code, f.driver, f.race, points AS lead,   -- a second who is not entered here has no code here
  CASE WHEN s.code IS NULL THEN ' by ' || lead_words ELSE ', ' || lead_words || ' ahead of ' || s.code END AS ahead, 25 AS score
FROM lead JOIN entered f ON f.driverId = lead.driverId LEFT JOIN entered s ON s.driverId = lead.second
