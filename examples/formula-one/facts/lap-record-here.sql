/*---
title = "Fastest race lap at this circuit"
tell = "The fastest #known#lap in a race here#on_layout# is #time#, by #holder# in #record_year#"
score = "score"
---*/
WITH now AS (
  SELECT DISTINCT r.circuitId, l.layout FROM races r JOIN raceLayouts l ON l.raceId = r.raceId WHERE r.year = :season AND r.round = :round
),
here AS (   -- the records at this circuit, and whether they were on the layout of this race
  SELECT f.year, f.driverId, f.lap, f.untold, CASE WHEN f.layout = now.layout THEN 1 ELSE 0 END AS same
  FROM now JOIN lap_records f ON f.circuitId = now.circuitId
),
ranked AS (   -- times are written as 58.300 and 1:27.958, so the shorter text is the faster lap, then the smaller
  SELECT driverId, year, lap, same, MAX(same * untold) OVER () AS untold, MIN(same) OVER () AS one_layout,
    RANK() OVER (PARTITION BY same ORDER BY CASE WHEN lap IS NULL THEN 1 ELSE 0 END, LENGTH(lap), lap) AS place
  FROM here
)
SELECT DISTINCT
  r.driverId, d.forename || ' ' || d.surname AS holder, r.year AS record_year, lap AS time,
  CASE untold WHEN 1 THEN 'known ' ELSE '' END AS known,
  CASE one_layout WHEN 1 THEN '' ELSE ' on this layout' END AS on_layout, 15 AS score
FROM ranked r JOIN drivers d ON d.driverId = r.driverId
WHERE same = 1 AND place = 1
