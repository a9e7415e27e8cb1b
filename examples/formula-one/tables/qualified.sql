-- The places in qualifying with names, times as text, and what the pages of driver and team are called.
SELECT q.raceId, q.position, q.driverId, p.driver, td.driverRef, q.constructorId, t.name AS team, tt.teamRef, q.q1, q.q2, q.q3
FROM qualifying q
JOIN people p USING (driverId)
JOIN constructors t USING (constructorId)
LEFT JOIN told_drivers td USING (driverId)
LEFT JOIN told_teams tt USING (constructorId)
ORDER BY q.raceId, q.position
