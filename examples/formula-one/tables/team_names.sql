-- What teams are called where the name alone would not do: Lotus and ATS were two teams each, told apart by their years.
SELECT t.constructorId, t.name AS team, t.nationality,
  CASE WHEN count(*) OVER (PARTITION BY t.name) = 1 THEN t.name
       WHEN y.first = y.last THEN t.name || ' (' || y.first || ')'
       ELSE t.name || ' (' || y.first || '–' || y.last || ')' END AS called,
  y.first, y.last
FROM constructors t
JOIN (
  SELECT e.constructorId, min(r.year) AS first, max(r.year) AS last
  FROM entries e JOIN calendar r USING (raceId) WHERE r.run GROUP BY e.constructorId
) y USING (constructorId)
