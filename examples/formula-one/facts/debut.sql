/*---
title = "First race"
tell = "#code# is entered for their first World Championship race"
score = "score"
---*/
WITH newcomers AS (
  SELECT r.raceId, e.driverId
  FROM races r JOIN entries e ON e.raceId = r.raceId LEFT JOIN entries h ON h.driverId = e.driverId AND h.raceId <> e.raceId
  WHERE r.year = :season AND r.round = :round
  GROUP BY r.raceId, e.driverId
  HAVING COUNT(h.raceId) = 0
)
SELECT driverId, code, driver, races.name AS race, 100 * 0.7 / (1 + (SELECT COUNT(*) FROM newcomers)) AS score
FROM newcomers JOIN people USING (driverId) JOIN races ON year = :season AND round = :round
