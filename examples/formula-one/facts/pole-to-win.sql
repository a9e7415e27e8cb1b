/*---
title = "How often the first in qualifying wins from the first place on the grid"
tell = "#code# was first in qualifying; they have won #won# of the #firsts# races that they started from first on the grid"
score = "score"
known = "qualifying"
---*/
WITH fastest AS (SELECT q.driverId FROM races r JOIN qualifying q ON q.raceId = r.raceId WHERE r.year = :season AND r.round = :round AND q.position = 1),
record AS (
  SELECT f.driverId, COUNT(DISTINCT h.raceId) AS firsts, COUNT(DISTINCT CASE WHEN h.position = 1 THEN h.raceId END) AS won
  FROM fastest f JOIN results h ON h.driverId = f.driverId AND h.grid = 1
  GROUP BY f.driverId HAVING COUNT(DISTINCT h.raceId) >= 5
),
field AS (SELECT driverId, code, driver, race FROM entrants WHERE year = :season AND round = :round)
SELECT DISTINCT driverId, code, driver, race, firsts, won, 100 * 0.45 * firsts / (firsts + 25) AS score
FROM record JOIN field USING (driverId)
