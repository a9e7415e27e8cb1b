-- The teams that have a page, as in told_drivers.
SELECT constructorId, constructorRef AS teamRef FROM constructors
WHERE constructorId IN (SELECT constructorId FROM results) AND constructorId IN (
  SELECT constructorId FROM entries JOIN told_races USING (raceId) UNION SELECT constructorId FROM results JOIN told_races USING (raceId)
)
