/*---
cumulative = true
latest = ["driverId"]
---*/
-- What each driver had done by the end of each of their races. A start is any row in the results;
-- `started` leaves out cars that did not take the start.
WITH done AS (   -- each race of a driver once, also where they shared cars: 1 for what they did there, else nothing
  SELECT driverId, raceId,
    MAX(CASE WHEN classification IN ('FIN', 'DNF', 'NC', 'DSQ') THEN 1 END) AS started,
    MAX(CASE WHEN position IS NOT NULL THEN 1 END) AS classified,
    MAX(CASE WHEN position IS NOT NULL AND points > 0 THEN 1 END) AS scored,
    MAX(CASE WHEN position <= 3 THEN 1 END) AS podium,
    MAX(CASE WHEN position = 1 THEN 1 END) AS won,
    MAX(CASE WHEN rank = 1 THEN 1 END) AS fastest,
    MAX(CASE WHEN grid = 1 AND classification <> 'DNS' THEN 1 END) AS from_first,
    MAX(CASE WHEN grid = 1 AND position = 1 THEN 1 END) AS won_from_first
  FROM results
  GROUP BY driverId, raceId
),
there AS (
  SELECT driverId, raceId, 1 AS pole FROM poles
  UNION ALL SELECT driverId, raceId, NULL FROM done
),
once AS (SELECT driverId, raceId, MAX(pole) AS pole FROM there GROUP BY driverId, raceId),
untold AS (   -- races whose fastest lap is not known; Belgium 2021, a lap or two behind the safety car, had none
  SELECT DISTINCT w.raceId FROM results w LEFT JOIN done f ON f.raceId = w.raceId AND f.fastest = 1
  WHERE w.position = 1 AND w.laps > 2 AND f.raceId IS NULL
),
numbered AS (SELECT raceId, year, round, name AS race, ROW_NUMBER() OVER (ORDER BY year, round) AS nth FROM races),
won AS (   -- the races that had a winner, counted
  SELECT n.raceId, ROW_NUMBER() OVER (ORDER BY n.nth) AS win_nth FROM numbered n
  WHERE n.raceId IN (SELECT raceId FROM done WHERE won = 1)
),
summed AS (
  SELECT o.driverId, o.raceId, n.nth, o.pole, d.won, CASE WHEN d.raceId IS NOT NULL AND d.scored IS NULL THEN 1 END AS blank,
    COUNT(d.raceId) OVER career AS starts, COUNT(d.started) OVER career AS started, COUNT(d.classified) OVER career AS finishes,
    COUNT(d.scored) OVER career AS points_finishes, COUNT(d.podium) OVER career AS podiums, COUNT(d.won) OVER career AS wins,
    COUNT(d.fastest) OVER career AS fastest_laps, COUNT(o.pole) OVER career AS poles,
    COUNT(CASE WHEN d.raceId IS NOT NULL THEN u.raceId END) OVER career AS untold_laps,   -- which may have been theirs
    COUNT(d.from_first) OVER career AS from_first, COUNT(d.won_from_first) OVER career AS wins_from_first
  FROM once o
  JOIN numbered n ON n.raceId = o.raceId
  LEFT JOIN done d ON d.driverId = o.driverId AND d.raceId = o.raceId
  LEFT JOIN untold u ON u.raceId = o.raceId
  WINDOW career AS (PARTITION BY o.driverId ORDER BY n.nth)
),
wins AS (   -- as long as nobody else wins, the number of the race grows like that of the driver's wins
  SELECT s.driverId, s.wins, s.starts, n.year, n.race, w.win_nth,
    COUNT(*) OVER (PARTITION BY s.driverId, w.win_nth - s.wins ORDER BY s.nth) AS wins_run
  FROM summed s JOIN numbered n ON n.raceId = s.raceId JOIN won w ON w.raceId = s.raceId WHERE s.won = 1
),
firsts AS (SELECT s.driverId, s.poles, s.starts, n.year, n.race FROM summed s JOIN numbered n ON n.raceId = s.raceId WHERE s.pole = 1),
blanks AS (SELECT driverId, starts - points_finishes AS nth, points_finishes FROM summed WHERE blank = 1)
SELECT s.driverId, s.raceId, s.starts, s.started, s.finishes, s.points_finishes, s.podiums, s.wins, s.fastest_laps, s.untold_laps,
  s.poles, s.from_first, s.wins_from_first,   -- the last win is the one with as many wins as now
  w.win_nth, w.year AS win_year, w.race AS win_race, s.starts - w.starts AS starts_since_win, w.wins_run,
  p.year AS pole_year, p.race AS pole_race, s.starts - p.starts AS starts_since_pole,
  s.points_finishes - COALESCE(b.points_finishes, 0) AS points_run
FROM summed s
LEFT JOIN wins w ON w.driverId = s.driverId AND w.wins = s.wins
LEFT JOIN firsts p ON p.driverId = s.driverId AND p.poles = s.poles
LEFT JOIN blanks b ON b.driverId = s.driverId AND b.nth = s.starts - s.points_finishes
