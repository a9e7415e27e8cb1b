/*---
title = "When a team last won here"
tell = "#team# last won here in #last_year#: the last #races_since# races here went to others"
score = "score"
---*/
WITH winners AS (   -- who won the earlier races here, the latest first
  SELECT h.raceId, h.constructorId, p.year, DENSE_RANK() OVER (ORDER BY p.date DESC) AS ago
  FROM races r JOIN races p ON p.circuitId = r.circuitId JOIN results h ON h.raceId = p.raceId
  WHERE r.year = :season AND r.round = :round AND h.position = 1
),
last AS (SELECT constructorId, MIN(ago) - 1 AS races_since, MAX(year) AS last_year FROM winners GROUP BY constructorId)
SELECT DISTINCT l.constructorId, team, last_year, races_since, 100 * 0.4 * races_since / (races_since + 10) AS score
FROM last l JOIN entrants e ON e.constructorId = l.constructorId
WHERE e.year = :season AND e.round = :round AND races_since >= 3
