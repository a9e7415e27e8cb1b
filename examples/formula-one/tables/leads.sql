/*---
cumulative = true
latest = ["year"]
---*/
-- Who led the championship after each race, and by how much.
WITH placed AS (
  SELECT raceId, driverId, points, ROW_NUMBER() OVER standing AS place,
    LEAD(driverId) OVER standing AS second, LEAD(points) OVER standing AS second_points
  FROM driverStandings
  WINDOW standing AS (PARTITION BY raceId ORDER BY position, driverId)
)
SELECT r.year, r.raceId, p.driverId, p.second, ROUND(p.points - p.second_points, 2) AS points
FROM placed p JOIN races r ON r.raceId = p.raceId
WHERE p.place = 1 AND p.second IS NOT NULL
