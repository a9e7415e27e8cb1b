/*---
title = "First win of a team since …"
tell = [
  "A win would be the first for #team# since the #last_year# #last_race#",
  "#team# last won at the #last_year# #last_race#",
  "The last win for #team# was the #last_year# #last_race#",
]
score = "score"
---*/
WITH teams AS (
  SELECT DISTINCT e.constructorId FROM races r JOIN entries e ON e.raceId = r.raceId WHERE r.year = :season AND r.round = :round
),
history AS (   -- each earlier race of a team once
  SELECT t.constructorId, h.raceId, p.date, MAX(CASE WHEN h.position = 1 THEN 1 ELSE 0 END) AS done
  FROM teams t JOIN results h ON h.constructorId = t.constructorId JOIN races p ON p.raceId = h.raceId
  GROUP BY t.constructorId, h.raceId, p.date
),
last AS (SELECT constructorId, MAX(date) AS date FROM history WHERE done = 1 GROUP BY constructorId),
since AS (
  SELECT l.constructorId, l.date, COUNT(*) AS races_since
  FROM last l JOIN history h ON h.constructorId = l.constructorId AND h.date > l.date
  GROUP BY l.constructorId, l.date HAVING COUNT(*) >= 10
)
SELECT constructorId, t.name AS team, now.name AS race, p.year AS last_year, p.name AS last_race, races_since,
  100 * 0.5 * races_since / (races_since + 100) AS score
FROM since JOIN races p ON p.date = since.date JOIN constructors t USING (constructorId)
JOIN races now ON now.year = :season AND now.round = :round
