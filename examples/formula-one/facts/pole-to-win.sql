/*---
title = "How often the pole-sitter wins from pole"
tell = "#code# was fastest in qualifying; they have won #won# of the #poles# races that they started from pole position"
score = "score"
known = "qualifying"
---*/
WITH fastest AS (SELECT q.driverId FROM races r JOIN qualifying q ON q.raceId = r.raceId WHERE r.year = :season AND r.round = :round AND q.position = 1),
record AS (
  SELECT f.driverId, COUNT(DISTINCT h.raceId) AS poles, COUNT(DISTINCT CASE WHEN h.position = 1 THEN h.raceId END) AS won
  FROM fastest f JOIN results h ON h.driverId = f.driverId AND h.grid = 1
  GROUP BY f.driverId HAVING COUNT(DISTINCT h.raceId) >= 5
),
field AS (SELECT driverId, code, driver, race FROM entrants WHERE year = :season AND round = :round)
SELECT DISTINCT driverId, code, driver, race, poles, won, 100 * 0.45 * poles / (poles + 25) AS score
FROM record JOIN field USING (driverId)
