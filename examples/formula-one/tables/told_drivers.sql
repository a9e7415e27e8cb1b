-- The drivers who have a page: whoever has a result, and was entered for a race that has a page.
SELECT driverId, driverRef FROM drivers
WHERE driverId IN (SELECT driverId FROM results) AND driverId IN (
  SELECT driverId FROM entries JOIN told_races USING (raceId) UNION SELECT driverId FROM results JOIN told_races USING (raceId)
)
