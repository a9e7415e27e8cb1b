-- What the first sentences of each race's page say: who won, who was second and third, and how the championship then stood.
WITH podium AS (
  SELECT
    raceId,
    min(driver) FILTER (WHERE position = 2) AS second, min(driverRef) FILTER (WHERE position = 2) AS second_ref,
    count(*) FILTER (WHERE position = 2) AS seconds,
    min(driver) FILTER (WHERE position = 3) AS third, min(driverRef) FILTER (WHERE position = 3) AS third_ref,
    count(*) FILTER (WHERE position = 3) AS thirds
  FROM drives WHERE position <= 3 AND (NOT sharedCar OR position > 1)
  GROUP BY raceId
),
level AS (
  SELECT raceId, string_agg(driver, ', ' ORDER BY nth) AS leaders FROM standings WHERE place = 1 GROUP BY raceId
),
title AS (
  SELECT f.raceId, f.driver AS champion, f.driverRef AS champion_ref, f.points AS champion_points, f.points - s.points AS ahead,
    s.driver AS runner_up, s.driverRef AS runner_up_ref, CASE WHEN l.over THEN 1 ELSE 0 END AS over, f.level, v.leaders
  FROM standings f
  JOIN standings s ON s.raceId = f.raceId AND s.nth = 2
  LEFT JOIN last_rounds l ON l.raceId = f.raceId
  LEFT JOIN level v ON v.raceId = f.raceId
  WHERE f.nth = 1
)
SELECT
  w.raceId, w.winners, w.drivers, w.winner, w.driverRef AS winner_ref, w.team, w.teamRef AS team_ref,
  p.second, p.second_ref, coalesce(p.seconds, 0) AS seconds, p.third, p.third_ref, coalesce(p.thirds, 0) AS thirds,
  t.* EXCLUDE (raceId)
FROM winners_of_races w
LEFT JOIN podium p ON p.raceId = w.raceId
LEFT JOIN title t ON t.raceId = w.raceId
