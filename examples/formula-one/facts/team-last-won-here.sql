/*---
title = "When a team last won here"
tell = "#team# last won here in #last_year#: the last #races_since# races here went to others"
score = "score"
---*/
WITH teams AS (SELECT DISTINCT constructorId, team FROM entrants WHERE year = :season AND round = :round),
last AS (
  SELECT constructorId, year AS last_year, MAX(nth) OVER () - nth AS races_since FROM team_wins_here
  WHERE circuitId IN (SELECT circuitId FROM races WHERE year = :season AND round = :round)
)
SELECT constructorId, team, last_year, races_since, 100 * 0.4 * races_since / (races_since + 10) AS score
FROM last JOIN teams USING (constructorId)
WHERE races_since >= 3
