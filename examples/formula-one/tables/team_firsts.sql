-- The races of a team that a story tells of, as in driver_firsts.
WITH won AS (
  SELECT constructorId, min((year, number)) AS first_win, max((year, number)) AS last_win FROM drives WHERE position = 1 GROUP BY constructorId
)
SELECT o.constructorId,
  w.year || ' ' || w.race AS first_win, w.season AS first_win_season, w.round AS first_win_round,
  v.year || ' ' || v.race AS last_win, v.season AS last_win_season, v.round AS last_win_round
FROM won o
JOIN calendar w ON (w.year, w.number) = o.first_win
JOIN calendar v ON (v.year, v.number) = o.last_win
