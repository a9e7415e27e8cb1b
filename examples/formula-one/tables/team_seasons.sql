-- What each team did in each season. A race counts as won once, however many drove the car; a podium place counts once too.
WITH counted AS (
  SELECT constructorId, year, count(DISTINCT raceId) AS races, count(DISTINCT CASE WHEN started = 1 THEN raceId END) AS started,
    count(DISTINCT driverId) AS drivers,
    count(DISTINCT CASE WHEN position = 1 THEN raceId END) AS wins,
    count(DISTINCT CASE WHEN position <= 3 THEN 4 * raceId + position END) AS podiums,
    min(position) AS best
  FROM drives GROUP BY constructorId, year
),
names AS (
  SELECT constructorId, year, string_agg(driver, ' · ' ORDER BY races DESC, driver) AS names
  FROM (SELECT constructorId, year, driver, count(DISTINCT raceId) AS races FROM drives GROUP BY constructorId, year, driver)
  GROUP BY constructorId, year
),
on_pole AS (
  SELECT o.constructorId, r.year, count(*) AS poles FROM poles_of_races o JOIN races r USING (raceId) GROUP BY o.constructorId, r.year
),
placed AS (   -- until 1985 cars of one maker with engines of two were counted apart: the better of them stands here
  SELECT l.year, s.constructorId, min(s.position) AS place, arg_min(s.points, s.position) AS points
  FROM last_rounds l JOIN constructorStandings s USING (raceId) GROUP BY l.year, s.constructorId
)
SELECT c.constructorId, c.year, w.season, c.races, c.started, c.drivers, n.names, c.wins, c.podiums, coalesce(o.poles, 0) AS poles, c.best,
  s.points, s.place, l.over
FROM counted c
JOIN names n USING (constructorId, year)
JOIN last_rounds l USING (year)
LEFT JOIN on_pole o USING (constructorId, year)
LEFT JOIN placed s ON s.year = c.year AND s.constructorId = c.constructorId
LEFT JOIN told_seasons w ON w.season = c.year
ORDER BY c.year, c.constructorId
