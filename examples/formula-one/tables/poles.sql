-- Who has each pole position: the first place on the grid or, where nobody started from there, the first in qualifying.
-- In 2022 a sprint decided the grid, but the pole belonged to the fastest in qualifying.
WITH sprints_2022 AS (SELECT DISTINCT raceId FROM sprintResults JOIN races USING (raceId) WHERE year = 2022),
candidates AS (
  SELECT r.raceId, r.driverId, CASE WHEN s.raceId IS NULL THEN 1 ELSE 3 END AS choice
  FROM results r LEFT JOIN sprints_2022 s ON s.raceId = r.raceId WHERE r.grid = 1
  UNION ALL
  SELECT raceId, driverId, 2 AS choice FROM qualifying WHERE position = 1
)
SELECT raceId, driverId FROM (
  SELECT raceId, driverId, choice, MIN(choice) OVER (PARTITION BY raceId) AS best FROM candidates
) AS ranked
WHERE choice = best
