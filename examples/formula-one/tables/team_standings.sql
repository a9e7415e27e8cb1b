-- The championship of the constructors after each race. `several` is 1 for a maker whose cars had engines of several makers,
-- which were counted apart until 1985.
SELECT
  s.raceId, r.year, r.number, s.constructorId, t.name AS team, tt.teamRef, s.points, s.position AS place, s.positionText AS sign,
  CASE WHEN count(*) OVER (PARTITION BY s.raceId, s.constructorId) > 1 THEN 1 ELSE 0 END AS several
FROM constructorStandings s
JOIN calendar r USING (raceId)
JOIN constructors t USING (constructorId)
LEFT JOIN told_teams tt USING (constructorId)
ORDER BY r.year, r.number, s.position NULLS LAST, s.constructorId
