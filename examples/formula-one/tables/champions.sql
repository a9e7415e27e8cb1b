-- Each season with its champions, who are known when it is over, and with who won the most of its races.
SELECT year, season, leader_ref, team_ref,
  CASE WHEN over = 1 THEN leader END AS champion, CASE WHEN over = 1 THEN points END AS points, CASE WHEN over = 1 THEN ahead END AS ahead,
  CASE WHEN over = 1 THEN team END AS team, replace(most_by, ' and ', ' · ') || ' (' || most_wins || ')' AS most_wins
FROM season_summaries
