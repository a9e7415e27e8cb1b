/*---
title = "When a team last won here"
tell = "#team# last won here in #last_year#: the last #races_since# races here went to others"
score = "score"
---*/
WITH field AS (SELECT DISTINCT circuitId, constructorId, team FROM entrants WHERE year = :season AND round = :round),
last AS (
  SELECT h.constructorId, h.year AS last_year, MAX(h.nth) OVER () - h.nth AS races_since
  FROM team_wins_here h JOIN (SELECT DISTINCT circuitId FROM field) AS now ON now.circuitId = h.circuitId
)
SELECT constructorId, team, last_year, races_since, 100 * 0.4 * races_since / (races_since + 10) AS score
FROM last JOIN field USING (constructorId)
WHERE races_since >= 3
