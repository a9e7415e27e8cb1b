/*---
title = "First win of a team since …"
tell = "A win would be the first for #team# since the #last_year# #last_race#"
score = "score"
---*/
WITH last AS (
  SELECT e.constructorId, MAX(p.date) AS date
  FROM races r JOIN entries e ON e.raceId = r.raceId
  JOIN results h ON h.constructorId = e.constructorId JOIN races p ON p.raceId = h.raceId
  WHERE r.year = :season AND r.round = :round AND h.position = 1
  GROUP BY e.constructorId
),
since AS (
  SELECT l.constructorId, l.date, COUNT(DISTINCT h.raceId) AS races_since
  FROM last l JOIN results h ON h.constructorId = l.constructorId JOIN races p ON p.raceId = h.raceId AND p.date > l.date
  GROUP BY l.constructorId, l.date HAVING COUNT(DISTINCT h.raceId) >= 10
)
SELECT s.constructorId, t.name AS team, p.year AS last_year, p.name AS last_race, races_since,
  100 * 0.5 * races_since / (races_since + 100) AS score
FROM since s JOIN races p ON p.date = s.date JOIN constructors t ON t.constructorId = s.constructorId
