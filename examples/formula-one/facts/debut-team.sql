/*---
title = "First race for a team"
tell = "#code# is entered for #team# for the first time"
score = "score"
---*/
WITH changes AS (   -- a driver with an earlier race, but none for this team
  SELECT e.driverId, e.constructorId, COUNT(DISTINCT h.raceId) AS races_before
  FROM races r JOIN entries e ON e.raceId = r.raceId JOIN entries h ON h.driverId = e.driverId AND h.raceId <> e.raceId
  WHERE r.year = :season AND r.round = :round
  GROUP BY e.driverId, e.constructorId
  HAVING MAX(CASE WHEN h.constructorId = e.constructorId THEN 1 ELSE 0 END) = 0
),
field AS (SELECT driverId, code, driver, race, constructorId, team FROM entrants WHERE year = :season AND round = :round)
SELECT DISTINCT driverId, code, driver, race, team, races_before, 100 * 0.4 * races_before / (races_before + 100) AS score
FROM changes JOIN field USING (driverId, constructorId)
