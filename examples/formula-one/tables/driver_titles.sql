-- The World Champions of the seasons that are over: place 1 in the championship after the last race.
SELECT l.year, s.driverId, p.driver, td.driverRef, s.points
FROM last_rounds l JOIN driverStandings s USING (raceId) JOIN people p USING (driverId) LEFT JOIN told_drivers td USING (driverId)
WHERE l.over AND s.position = 1
