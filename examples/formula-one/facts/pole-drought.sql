/*---
title = "First pole position since …"
tell = [
  "A pole position would be the first for #code# since the #last_year# #last_race#",
  "#code# was last on pole position at the #last_year# #last_race#",
  "Not since the #last_year# #last_race# has #code# been on pole position",
]
score = "score"
---*/
WITH last AS (
  SELECT e.driverId, MAX(p.date) AS date
  FROM races r JOIN entries e ON e.raceId = r.raceId JOIN poles h ON h.driverId = e.driverId JOIN races p ON p.raceId = h.raceId
  WHERE r.year = :season AND r.round = :round
  GROUP BY e.driverId
),
since AS (
  SELECT l.driverId, l.date, COUNT(DISTINCT h.raceId) AS races_since
  FROM last l JOIN results h ON h.driverId = l.driverId JOIN races p ON p.raceId = h.raceId AND p.date > l.date
  GROUP BY l.driverId, l.date HAVING COUNT(DISTINCT h.raceId) >= 10
)
SELECT driverId, code, driver, now.name AS race, p.year AS last_year, p.name AS last_race, races_since,
  100 * 0.45 * races_since / (races_since + 60) AS score
FROM since JOIN races p ON p.date = since.date JOIN people USING (driverId) JOIN races now ON now.year = :season AND now.round = :round
