-- Every race with its circuit, and what its page and that of the circuit are called, if they have one. `run` says whether there is
-- a result, `edition` which World Championship race at this circuit it was, `races` how many the season had.
SELECT
  r.raceId, r.year, r.round AS number, r.name AS race, r.date, r.circuitId, c.name AS circuit, c.location, c.country,
  l.layout, l.courseLength, l.qualifyingFormat, w.season, w.round, k.circuitRef,
  r.raceId IN (SELECT raceId FROM results) AS run,
  count(*) OVER (PARTITION BY r.circuitId ORDER BY r.year, r.round) AS edition,
  count(*) OVER (PARTITION BY r.year) AS races
FROM races r
JOIN circuits c USING (circuitId)
JOIN raceLayouts l USING (raceId)
LEFT JOIN told_races w ON w.raceId = r.raceId
LEFT JOIN told_circuits k ON k.circuitId = r.circuitId
ORDER BY r.year, r.round
