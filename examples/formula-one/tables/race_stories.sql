-- What is told of each driver of a race: each once, at the best place that they had, and by the full name beside a namesake.
WITH here AS (
  SELECT
    x.raceId, x.driverId, x.driver, x.surname, x.team, x.position, x.grid,
    CASE WHEN p.driverId IS NULL THEN 0 ELSE 1 END AS pole, CASE WHEN x.sharedCar THEN 1 ELSE 0 END AS shared,
    x.laps, replace(x.time, '+', '') AS time,
    (x.milliseconds - min(CASE WHEN x.position = 1 THEN x.milliseconds END) OVER race) / 1000 AS gap,
    max(x.laps) OVER race - x.laps AS laps_down,
    CASE WHEN x.grid > 0 THEN x.grid - x.position END AS gained,
    x.sourceReason AS reason, x.classification, x.positionOrder,
    max(CASE WHEN x.sharedCar AND x.position IS NOT NULL THEN 1 ELSE 0 END) OVER (PARTITION BY x.raceId, x.position) AS in_shared,
    count(*) OVER (PARTITION BY x.raceId, x.driverId) AS cars,
    row_number() OVER (PARTITION BY x.raceId, x.driverId ORDER BY x.positionOrder) AS nth
  FROM drives x
  LEFT JOIN poles_of_races p ON p.raceId = x.raceId AND p.driverId = x.driverId
  WINDOW race AS (PARTITION BY x.raceId)
)
SELECT *, CASE WHEN count(*) OVER (PARTITION BY raceId, surname) > 1 THEN driver ELSE surname END AS called
FROM here WHERE nth = 1
