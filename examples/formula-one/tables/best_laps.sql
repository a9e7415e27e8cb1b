-- The best lap of each driver of a team at a race, over qualifying and the race itself.
SELECT raceId, driverId, constructorId, MIN(seconds) AS seconds
FROM laps
GROUP BY raceId, driverId, constructorId
