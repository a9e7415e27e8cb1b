-- What each driver did in each season: races are counted once, also where a driver had two cars. Points and place are those of the
-- championship after its last race so far, where dropped results and points of shared cars are settled.
WITH once AS (
  SELECT driverId, year, raceId, max(started) AS started, min(position) AS best,
    max(CASE WHEN rank = 1 THEN 1 ELSE 0 END) AS fastest
  FROM drives GROUP BY driverId, year, raceId
),
counted AS (
  SELECT driverId, year, count(*) AS listed, sum(started) AS starts, count(*) FILTER (WHERE best = 1) AS wins,
    count(*) FILTER (WHERE best <= 3) AS podiums, sum(fastest) AS fastest_laps, min(best) AS best
  FROM once GROUP BY driverId, year
),
on_pole AS (
  SELECT o.driverId, r.year, count(*) AS poles FROM poles_of_races o JOIN races r USING (raceId) GROUP BY o.driverId, r.year
),
entered AS (
  SELECT e.driverId, r.year, count(DISTINCT e.raceId) AS entered FROM entries e JOIN calendar r USING (raceId) WHERE r.run GROUP BY e.driverId, r.year
),
teams AS (
  SELECT driverId, year, string_agg(DISTINCT team, ', ' ORDER BY team) AS teams, count(DISTINCT constructorId) AS cars
  FROM drives GROUP BY driverId, year
)
SELECT
  c.driverId, c.year, w.season, t.teams, coalesce(e.entered, c.listed) AS entered, c.listed, CAST(c.starts AS INTEGER) AS starts,
  c.wins, c.podiums, coalesce(o.poles, 0) AS poles, CAST(c.fastest_laps AS INTEGER) AS fastest_laps, c.best,
  s.points, s.position AS place, l.over
FROM counted c
JOIN teams t USING (driverId, year)
JOIN last_rounds l USING (year)
LEFT JOIN entered e USING (driverId, year)
LEFT JOIN on_pole o USING (driverId, year)
LEFT JOIN driverStandings s ON s.raceId = l.raceId AND s.driverId = c.driverId
LEFT JOIN told_seasons w ON w.season = c.year
ORDER BY c.year, c.driverId
