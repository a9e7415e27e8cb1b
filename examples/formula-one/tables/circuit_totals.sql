-- Each circuit in one row: how often and when there were World Championship races, on how many layouts, and who won most.
WITH won AS (
  SELECT circuitId, driverId, driver, count(DISTINCT raceId) AS wins FROM drives WHERE position = 1 GROUP BY ALL
),
most AS (
  SELECT circuitId, max(wins) AS most_wins, count(*) FILTER (WHERE wins = best) AS most_shared,
    string_agg(driver, ' and ' ORDER BY driver) FILTER (WHERE wins = best) AS most_by, count(*) AS winners
  FROM (SELECT *, max(wins) OVER (PARTITION BY circuitId) AS best FROM won) GROUP BY circuitId
)
SELECT
  c.circuitId, c.circuit, c.location, c.country, k.circuitRef, p.lat, p.lng,
  count(*) FILTER (WHERE c.run) AS races, count(*) FILTER (WHERE NOT c.run) AS to_come,
  min(c.year) FILTER (WHERE c.run) AS first, max(c.year) FILTER (WHERE c.run) AS last,
  count(DISTINCT c.layout) FILTER (WHERE c.run) AS layouts, arg_max(c.courseLength, (c.year, c.number)) AS kilometres,
  arg_max(c.layout, (c.year, c.number)) FILTER (WHERE c.run AND c.raceId IN (SELECT raceId FROM best_laps)) AS layout,
  arg_max(c.raceId, (c.year, c.number)) FILTER (WHERE c.run AND c.raceId IN (SELECT raceId FROM best_laps)) AS raceId,
  any_value(m.most_wins) AS most_wins, any_value(m.most_by) AS most_by, any_value(m.most_shared) AS most_shared, any_value(m.winners) AS winners
FROM calendar c
JOIN circuits p USING (circuitId)
LEFT JOIN told_circuits k USING (circuitId)
LEFT JOIN most m ON m.circuitId = c.circuitId
GROUP BY c.circuitId, c.circuit, c.location, c.country, k.circuitRef, p.lat, p.lng
