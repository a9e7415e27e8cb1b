/*---
cumulative = true
---*/
-- The races whose fastest lap was none slower than those before it at the circuit and on its layout. A race without one
-- is there too, with no driver: one of a lap or two behind the safety car (Belgium 2021) has no fastest lap, of others it
-- is `untold`.
WITH fastest AS (   -- times are written as 58.300 and 1:27.958: at one length, the smaller text is the faster lap
  SELECT w.raceId, r.year, r.round, r.circuitId, l.layout, f.driverId, f.fastestLapTime AS lap,
    SUBSTR('0000000000' || f.fastestLapTime, LENGTH(f.fastestLapTime) + 1) AS seconds,
    CASE WHEN w.laps > 2 AND f.driverId IS NULL THEN 1 ELSE 0 END AS untold
  FROM results w
  JOIN races r ON r.raceId = w.raceId
  JOIN raceLayouts l ON l.raceId = w.raceId
  LEFT JOIN results f ON f.raceId = w.raceId AND f.rank = 1
  WHERE w.position = 1
),
compared AS (
  SELECT fastest.*, MIN(seconds) OVER (PARTITION BY circuitId, layout ORDER BY year, round) AS record FROM fastest
)
SELECT raceId, year, circuitId, layout, driverId, lap, untold FROM compared WHERE seconds = record OR seconds IS NULL
