-- The teams that won the championship of the constructors, which there is since 1958.
SELECT l.year, s.constructorId, t.name AS team, tt.teamRef, s.points
FROM last_rounds l JOIN constructorStandings s USING (raceId) JOIN constructors t USING (constructorId) LEFT JOIN told_teams tt USING (constructorId)
WHERE l.over AND s.position = 1
