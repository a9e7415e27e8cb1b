-- The circuits that have a page: those of the races that have one.
SELECT circuitId, circuitRef FROM circuits
WHERE circuitId IN (SELECT circuitId FROM races JOIN told_races USING (raceId))
