-- Each driver's career in one row. A start is a car that took the start; `entered` counts the races that they were entered for;
-- `untold_laps` are races of which the data do not say whose the fastest lap was (Belgium 2021, two laps behind the safety car, had none);
-- `letter` is what the surname begins with, without an accent, in lower case.
WITH sums AS (
  SELECT driverId, CAST(sum(entered) AS INTEGER) AS entered, CAST(sum(starts) AS INTEGER) AS starts, CAST(sum(wins) AS INTEGER) AS wins,
    CAST(sum(podiums) AS INTEGER) AS podiums, CAST(sum(poles) AS INTEGER) AS poles, CAST(sum(fastest_laps) AS INTEGER) AS fastest_laps,
    min(best) AS best, count(*) AS seasons, min(year) AS first_year, max(year) AS last_year, min(place) FILTER (WHERE over) AS best_place
  FROM driver_seasons GROUP BY driverId
),
untold AS (
  SELECT driverId, count(DISTINCT raceId) AS untold_laps FROM results
  WHERE classification IN ('FIN', 'DNF', 'NC', 'DSQ') AND raceId IN (SELECT raceId FROM results WHERE position = 1 AND laps > 2)
    AND raceId NOT IN (SELECT raceId FROM results WHERE rank = 1)
  GROUP BY driverId
),
titles AS (SELECT driverId, count(*) AS titles, list(year ORDER BY year) AS years FROM driver_titles GROUP BY driverId),
drove AS (
  SELECT driverId, count(DISTINCT constructorId) AS teams, list(team ORDER BY races DESC, team) AS team_names
  FROM (SELECT driverId, constructorId, team, count(DISTINCT raceId) AS races FROM drives GROUP BY driverId, constructorId, team)
  GROUP BY driverId
)
SELECT s.*, d.forename || ' ' || d.surname AS driver, d.surname, d.forename, d.dob, d.nationality, td.driverRef,
  lower(left(strip_accents(d.surname), 1)) AS letter,
  coalesce(u.untold_laps, 0) AS untold_laps, coalesce(t.titles, 0) AS titles, t.years AS title_years, v.teams, v.team_names
FROM sums s
JOIN drivers d USING (driverId)
JOIN drove v USING (driverId)
LEFT JOIN untold u USING (driverId)
LEFT JOIN titles t USING (driverId)
LEFT JOIN told_drivers td USING (driverId)
