-- The races of a driver that a story tells of: the first and last of those run that they were entered for, the first and last win, and the first
-- with the best place that they had. What leads to the page of a race is empty where it has none.
WITH entered AS (
  SELECT e.driverId, min((r.year, r.number)) AS first, max((r.year, r.number)) AS last
  FROM entries e JOIN calendar r USING (raceId) WHERE r.run GROUP BY e.driverId
),
placed AS (SELECT driverId, year, number, position FROM drives WHERE position IS NOT NULL),
won AS (
  SELECT driverId, min((year, number)) AS first_win, max((year, number)) AS last_win FROM placed WHERE position = 1 GROUP BY driverId
),
best AS (
  SELECT p.driverId, min((p.year, p.number)) AS best_race FROM placed p
  WHERE p.position = (SELECT min(o.position) FROM placed o WHERE o.driverId = p.driverId) GROUP BY p.driverId
)
SELECT e.driverId,
  f.year || ' ' || f.race AS first_race, f.season AS first_season, f.round AS first_round,
  l.year || ' ' || l.race AS last_race, l.season AS last_season, l.round AS last_round,
  w.year || ' ' || w.race AS first_win, w.season AS first_win_season, w.round AS first_win_round,
  v.year || ' ' || v.race AS last_win, v.season AS last_win_season, v.round AS last_win_round,
  b.year || ' ' || b.race AS best_race, b.season AS best_season, b.round AS best_round
FROM entered e
JOIN calendar f ON (f.year, f.number) = e.first
JOIN calendar l ON (l.year, l.number) = e.last
LEFT JOIN won ON won.driverId = e.driverId
LEFT JOIN calendar w ON (w.year, w.number) = won.first_win
LEFT JOIN calendar v ON (v.year, v.number) = won.last_win
LEFT JOIN best ON best.driverId = e.driverId
LEFT JOIN calendar b ON (b.year, b.number) = best.best_race
