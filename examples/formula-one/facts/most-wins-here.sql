/*---
title = "Most wins at this circuit"
tell = "#code# has won here #times_words#: nobody has won here more often"
score = "score"
---*/
WITH record AS (
  SELECT driverId, wins AS times, RANK() OVER (ORDER BY wins DESC) AS place FROM here
  WHERE circuitId IN (SELECT circuitId FROM races WHERE year = :season AND round = :round)
)
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, times, CASE times WHEN 2 THEN 'twice' ELSE CAST(times AS VARCHAR) || ' times' END AS times_words,
  100 * 0.7 * times / (times + 4) AS score
FROM record JOIN field USING (driverId)
WHERE year = :season AND round = :round AND place = 1 AND times >= 2
