/*---
cumulative = true
latest = ["year"]
---*/
-- Who led the championship after each race, and by how much.
WITH placed AS (
  SELECT raceId, driverId, points, ROW_NUMBER() OVER (PARTITION BY raceId ORDER BY position, driverId) AS place FROM driverStandings
)
SELECT r.year, r.raceId, a.driverId, b.driverId AS second, ROUND(a.points - b.points, 2) AS points
FROM placed a
JOIN placed b ON b.raceId = a.raceId AND b.place = 2
JOIN races r ON r.raceId = a.raceId
WHERE a.place = 1
