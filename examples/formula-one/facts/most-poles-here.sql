/*---
title = "Most pole positions at this circuit"
tell = "#code# has been on pole position here #times_words#: nobody has more often"
score = "score"
---*/
WITH field AS (SELECT DISTINCT circuitId, driverId, code, driver, race FROM entrants WHERE year = :season AND round = :round),
record AS (
  SELECT h.driverId, h.poles AS times, RANK() OVER (ORDER BY h.poles DESC) AS place
  FROM here h JOIN (SELECT DISTINCT circuitId FROM field) AS now ON now.circuitId = h.circuitId
)
SELECT driverId, code, driver, race, times, CASE times WHEN 2 THEN 'twice' ELSE CAST(times AS VARCHAR) || ' times' END AS times_words,
  100 * 0.5 * times / (times + 4) AS score
FROM record JOIN field USING (driverId)
WHERE place = 1 AND times >= 2
