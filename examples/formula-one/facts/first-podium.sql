/*---
title = "Drivers who could reach the podium for the first time"
tell = "#code# could reach the podium for the first time, after #finishes# finishes in the points"
score = "score"
---*/
WITH reached AS (
  SELECT e.driverId,
    COUNT(DISTINCT CASE WHEN h.points > 0 THEN h.raceId END) AS finishes,
    COUNT(DISTINCT CASE WHEN h.position <= 3 THEN h.raceId END) AS podiums
  FROM races r JOIN entries e ON e.raceId = r.raceId JOIN results h ON h.driverId = e.driverId
  WHERE r.year = :season AND r.round = :round AND h.position IS NOT NULL
  GROUP BY e.driverId
)
SELECT driverId, code, driver, races.name AS race, finishes, 100 * 0.45 * finishes / (finishes + 40) AS score
FROM reached JOIN people USING (driverId) JOIN races ON year = :season AND round = :round WHERE podiums = 0 AND finishes >= 5
