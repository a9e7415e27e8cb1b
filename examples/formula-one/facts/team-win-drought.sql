/*---
title = "First win of a team since …"
tell = [
  "A win would be the first for #team# since the #last_year# #last_race#",
  "#team# last won at the #last_year# #last_race#",
  "The last win for #team# was the #last_year# #last_race#",
]
score = "score"
---*/
WITH teams AS (SELECT DISTINCT constructorId, team, race FROM entrants WHERE year = :season AND round = :round)
SELECT constructorId, team, race, win_year AS last_year, win_race AS last_race, starts_since_win AS races_since,
  100 * 0.5 * starts_since_win / (starts_since_win + 100) AS score
FROM teams JOIN team_careers USING (constructorId)
WHERE starts_since_win >= 10
