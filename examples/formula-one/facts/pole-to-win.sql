/*---
title = "How often the first in qualifying wins from the first place on the grid"
tell = "#code# was first in qualifying, and has won #won# of the #firsts# races started from first on the grid"
score = "score"
known = "qualifying"
---*/
WITH fastest AS (SELECT driverId FROM qualifiers WHERE year = :season AND round = :round AND position = 1)
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, from_first AS firsts, wins_from_first AS won, 100 * 0.45 * from_first / (from_first + 25) AS score
FROM fastest JOIN careers USING (driverId) JOIN field USING (driverId)
WHERE year = :season AND round = :round AND from_first >= 5
