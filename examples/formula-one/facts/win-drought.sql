/*---
title = "First win since …"
tell = [
  "A win would be the first for #code# since the #last_year# #last_race#",
  "#code# last won at the #last_year# #last_race#",
  "The last win for #code# was the #last_year# #last_race#",
]
score = "score"
---*/
WITH history AS (   -- each earlier race of a driver once
  SELECT e.driverId, h.raceId, p.date, MAX(CASE WHEN h.position = 1 THEN 1 ELSE 0 END) AS done
  FROM races r JOIN entries e ON e.raceId = r.raceId JOIN results h ON h.driverId = e.driverId JOIN races p ON p.raceId = h.raceId
  WHERE r.year = :season AND r.round = :round
  GROUP BY e.driverId, h.raceId, p.date
),
last AS (SELECT driverId, MAX(date) AS date FROM history WHERE done = 1 GROUP BY driverId),
since AS (
  SELECT l.driverId, l.date, COUNT(*) AS races_since
  FROM last l JOIN history h ON h.driverId = l.driverId AND h.date > l.date
  GROUP BY l.driverId, l.date HAVING COUNT(*) >= 10
)
SELECT driverId, code, driver, now.name AS race, p.year AS last_year, p.name AS last_race, races_since,
  100 * 0.55 * races_since / (races_since + 60) AS score
FROM since JOIN races p ON p.date = since.date JOIN people USING (driverId) JOIN races now ON now.year = :season AND now.round = :round
