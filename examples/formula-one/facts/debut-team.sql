/*---
title = "First race for a team"
tell = "#code# is entered for #team# for the first time"
score = "score"
---*/
WITH newcomers AS (   -- the driver has no earlier entry for this team
  SELECT e.driverId, e.constructorId
  FROM races r JOIN entries e ON e.raceId = r.raceId
  LEFT JOIN entries h ON h.driverId = e.driverId AND h.constructorId = e.constructorId AND h.raceId <> e.raceId
  WHERE r.year = :season AND r.round = :round
  GROUP BY e.driverId, e.constructorId HAVING COUNT(h.raceId) = 0
),
changes AS (   -- but one for another
  SELECT n.driverId, n.constructorId, COUNT(DISTINCT h.raceId) - 1 AS races_before
  FROM newcomers n JOIN entries h ON h.driverId = n.driverId
  GROUP BY n.driverId, n.constructorId HAVING COUNT(DISTINCT h.raceId) > 1
)
SELECT driverId, code, driver, races.name AS race, constructors.name AS team, races_before, 100 * 0.4 * races_before / (races_before + 100) AS score
FROM changes JOIN people USING (driverId) JOIN constructors USING (constructorId) JOIN races ON year = :season AND round = :round
