-- Each team's history in one row.
SELECT s.constructorId, n.called, n.team, n.nationality, tt.teamRef, n.first, n.last, count(*) AS seasons, CAST(sum(s.started) AS INTEGER) AS started,
  CAST(sum(s.races) AS INTEGER) AS races, CAST(sum(s.wins) AS INTEGER) AS wins, CAST(sum(s.podiums) AS INTEGER) AS podiums,
  CAST(sum(s.poles) AS INTEGER) AS poles, min(s.best) AS best,
  (SELECT count(*) FROM team_titles t WHERE t.constructorId = s.constructorId) AS titles,
  (SELECT count(*) FROM driver_titles t WHERE EXISTS (
    SELECT 1 FROM drives d WHERE d.driverId = t.driverId AND d.year = t.year AND d.constructorId = s.constructorId)) AS champions
FROM team_seasons s
JOIN team_names n USING (constructorId)
LEFT JOIN told_teams tt USING (constructorId)
GROUP BY ALL
