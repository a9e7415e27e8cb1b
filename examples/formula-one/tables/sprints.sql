-- The results of sprints with names, and what the pages of driver and team are called.
SELECT
  x.raceId, x.position, coalesce(CAST(x.position AS VARCHAR), x.positionText) AS place, p.driver, td.driverRef, t.name AS team, tt.teamRef,
  x.grid, x.points
FROM sprintResults x
JOIN people p USING (driverId)
JOIN constructors t USING (constructorId)
LEFT JOIN told_drivers td USING (driverId)
LEFT JOIN told_teams tt USING (constructorId)
