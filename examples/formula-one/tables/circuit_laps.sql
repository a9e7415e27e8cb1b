-- The best lap of anybody in qualifying and in the race, each year at each circuit; of two races in one year the first counts.
WITH fastest AS (
  SELECT r.circuitId, r.year, r.number, r.layout, CASE WHEN l.session = 'race' THEN 'Race' ELSE 'Qualifying' END AS session,
    min(l.seconds) AS seconds
  FROM laps l JOIN calendar r USING (raceId) GROUP BY ALL
)
SELECT circuitId, year, layout, session, seconds FROM fastest f
WHERE number = (SELECT min(o.number) FROM fastest o WHERE o.circuitId = f.circuitId AND o.year = f.year)
ORDER BY circuitId, session, year
