/*---
cumulative = true
latest = ["circuitId", "constructorId"]
---*/
-- Every win of a team at a circuit; `nth` counts the circuit's races that had a winner.
WITH won AS (SELECT DISTINCT raceId, constructorId FROM results WHERE position = 1)
SELECT r.circuitId, w.constructorId, w.raceId, r.year, DENSE_RANK() OVER (PARTITION BY r.circuitId ORDER BY r.year, r.round) AS nth
FROM won w JOIN races r ON r.raceId = w.raceId
