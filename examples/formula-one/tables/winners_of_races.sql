-- Who won each race: one row, with the names of all who drove the winning car, the first who finished in it, and their team.
SELECT
  w.raceId, string_agg(w.driver, ' and ' ORDER BY w.positionOrder) AS winners, count(*) AS drivers,
  arg_min(w.driverId, w.positionOrder) AS driverId, arg_min(w.driver, w.positionOrder) AS winner,
  arg_min(w.driverRef, w.positionOrder) AS driverRef,
  arg_min(w.constructorId, w.positionOrder) AS constructorId, arg_min(w.team, w.positionOrder) AS team,
  arg_min(w.teamRef, w.positionOrder) AS teamRef, arg_min(w.grid, w.positionOrder) AS grid, max(w.time) AS time
FROM drives w
WHERE w.position = 1
GROUP BY w.raceId
