-- Each season in one row: its races, who won the championships or leads them, and who won the most races.
WITH won AS (
  SELECT r.year, d.driverId, d.driver, count(DISTINCT d.raceId) AS wins FROM drives d JOIN calendar r USING (raceId)
  WHERE d.position = 1 GROUP BY ALL
),
most AS (
  SELECT year, count(*) AS winners, max(wins) AS most_wins,
    string_agg(driver, ' and ' ORDER BY driver) FILTER (WHERE wins = best) AS most_by, count(*) FILTER (WHERE wins = best) AS most_shared
  FROM (SELECT *, max(wins) OVER (PARTITION BY year) AS best FROM won) GROUP BY year
)
SELECT
  c.year, w.season, c.year - 1949 AS nth, count(*) AS races, count(*) FILTER (WHERE c.run) AS run, min(c.date) AS first, max(c.date) AS last,
  any_value(CASE WHEN l.over THEN 1 ELSE 0 END) AS over, any_value(l.raceId) AS raceId, any_value(n.race) AS latest,
  any_value(f.driver) AS leader, any_value(f.driverRef) AS leader_ref, any_value(f.points) AS points,
  any_value(s.driver) AS runner_up, any_value(s.driverRef) AS runner_up_ref, any_value(f.points - s.points) AS ahead,
  any_value(t.team) AS team, any_value(t.teamRef) AS team_ref, any_value(t.points) AS team_points,
  any_value(m.winners) AS winners, any_value(m.most_wins) AS most_wins, any_value(m.most_by) AS most_by, any_value(m.most_shared) AS most_shared
FROM calendar c
LEFT JOIN told_seasons w ON w.season = c.year
LEFT JOIN last_rounds l USING (year)
LEFT JOIN calendar n ON n.raceId = l.raceId
LEFT JOIN standings f ON f.raceId = l.raceId AND f.nth = 1
LEFT JOIN standings s ON s.raceId = l.raceId AND s.nth = 2
LEFT JOIN team_standings t ON t.raceId = l.raceId AND t.place = 1
LEFT JOIN most m ON m.year = c.year
GROUP BY c.year, w.season
ORDER BY c.year
