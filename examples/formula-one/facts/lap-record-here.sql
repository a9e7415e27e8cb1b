/*---
title = "Fastest race lap at this circuit"
tell = "The fastest lap in a race here#on_layout# is #time#, by #holder# in #record_year#"
score = "score"
---*/
WITH now AS (
  SELECT r.circuitId, c.circuitRef, l.layout
  FROM races r JOIN circuits c ON c.circuitId = r.circuitId
  LEFT JOIN layouts l ON l.circuitRef = c.circuitRef AND l.year = r.year AND l.round = r.round
  WHERE r.year = :season AND r.round = :round
),
here AS (   -- the earlier races on this layout, where layouts are known
  SELECT p.raceId, p.year, n.layout
  FROM now n JOIN races p ON p.circuitId = n.circuitId
  LEFT JOIN layouts l ON l.circuitRef = n.circuitRef AND l.year = p.year AND l.round = p.round
  WHERE COALESCE(l.layout, '') = COALESCE(n.layout, '')
),
fastest AS (   -- times are written as 58.300 and 1:27.958, so the shorter text is the faster lap, then the smaller
  SELECT x.driverId, h.year, h.layout, x.fastestLapTime AS lap,
    RANK() OVER (ORDER BY LENGTH(x.fastestLapTime), x.fastestLapTime) AS place
  FROM here h JOIN results x ON x.raceId = h.raceId
  WHERE x.rank = 1 AND x.fastestLapTime LIKE '%__.___'
)
SELECT
  f.driverId, d.forename || ' ' || d.surname AS holder, f.year AS record_year, f.lap AS time,
  CASE WHEN f.layout IS NULL THEN '' ELSE ' on the ' || f.layout END AS on_layout, 15 AS score
FROM fastest f JOIN drivers d ON d.driverId = f.driverId WHERE place = 1
