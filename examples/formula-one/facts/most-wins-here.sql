/*---
title = "Most wins at this circuit"
tell = "#code# has won here #times_words#: nobody has won here more often"
score = "score"
---*/
WITH counts AS (
  SELECT h.driverId, COUNT(DISTINCT h.raceId) AS times
  FROM races r JOIN races p ON p.circuitId = r.circuitId JOIN results h ON h.raceId = p.raceId
  WHERE r.year = :season AND r.round = :round AND h.position = 1
  GROUP BY h.driverId
),
record AS (SELECT driverId, times, RANK() OVER (ORDER BY times DESC) AS place FROM counts),
field AS (SELECT driverId, code, driver, race FROM entrants WHERE year = :season AND round = :round)
SELECT DISTINCT driverId, code, driver, race, times, CASE times WHEN 2 THEN 'twice' ELSE CAST(times AS VARCHAR) || ' times' END AS times_words,
  100 * 0.7 * times / (times + 4) AS score
FROM record JOIN field USING (driverId) WHERE place = 1 AND times >= 2
