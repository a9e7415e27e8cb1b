-- Who has each pole position: the first place on the grid or, where nobody started from there, the first in qualifying.
-- In 2022 a sprint decided the grid, but the pole belonged to the fastest in qualifying.
WITH front_row AS (
  SELECT r.raceId, r.driverId FROM results r JOIN races USING (raceId)
  WHERE r.grid = 1 AND NOT (year = 2022 AND r.raceId IN (SELECT raceId FROM sprintResults))
)
SELECT raceId, driverId FROM front_row
UNION ALL
SELECT q.raceId, q.driverId FROM qualifying q LEFT JOIN front_row f ON f.raceId = q.raceId
WHERE q.position = 1 AND f.raceId IS NULL
