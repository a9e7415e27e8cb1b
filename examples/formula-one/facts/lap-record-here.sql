/*---
title = "Fastest race lap at this circuit"
tell = "The fastest #known#lap in a race here#on_layout# is #time#, by #holder# in #record_year#"
score = "score"
---*/
WITH here AS (   -- the races at this circuit, and whether they were on the layout of this one
  SELECT p.raceId, p.year, CASE WHEN o.layout = l.layout THEN 1 ELSE 0 END AS same
  FROM races r JOIN raceLayouts l ON l.raceId = r.raceId
  JOIN races p ON p.circuitId = r.circuitId JOIN raceLayouts o ON o.raceId = p.raceId
  WHERE r.year = :season AND r.round = :round
),
earlier AS (   -- a race of a lap or two behind the safety car (Belgium 2021) has no fastest lap; of others it is not known
  SELECT h.year, h.same, f.driverId, f.fastestLapTime AS lap,
    CASE WHEN h.same = 1 AND w.laps > 2 AND f.driverId IS NULL THEN 1 ELSE 0 END AS untold
  FROM here h JOIN results w ON w.raceId = h.raceId AND w.position = 1
  LEFT JOIN results f ON f.raceId = h.raceId AND f.rank = 1
),
ranked AS (   -- times are written as 58.300 and 1:27.958, so the shorter text is the faster lap, then the smaller
  SELECT driverId, year, lap, same, MAX(untold) OVER () AS untold, MIN(same) OVER () AS one_layout,
    RANK() OVER (PARTITION BY same ORDER BY CASE WHEN lap IS NULL THEN 1 ELSE 0 END, LENGTH(lap), lap) AS place
  FROM earlier
)
SELECT DISTINCT
  r.driverId, d.forename || ' ' || d.surname AS holder, r.year AS record_year, lap AS time,
  CASE untold WHEN 1 THEN 'known ' ELSE '' END AS known,
  CASE one_layout WHEN 1 THEN '' ELSE ' on this layout' END AS on_layout, 15 AS score
FROM ranked r JOIN drivers d ON d.driverId = r.driverId
WHERE same = 1 AND place = 1
