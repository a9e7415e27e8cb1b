/*---
title = "Drivers who could win for the first time"
tell = [
  "#code# could win for the first time, after #podiums# #podiums_word#",
  "With #podiums# #podiums_word# so far, #code# could win for the first time",
]
score = "score"
---*/
WITH reached AS (
  SELECT e.driverId,
    COUNT(DISTINCT CASE WHEN h.position <= 3 THEN h.raceId END) AS podiums,
    COUNT(DISTINCT CASE WHEN h.position = 1 THEN h.raceId END) AS wins
  FROM races r JOIN entries e ON e.raceId = r.raceId JOIN results h ON h.driverId = e.driverId
  WHERE r.year = :season AND r.round = :round AND h.position <= 3
  GROUP BY e.driverId
)
SELECT driverId, code, driver, races.name AS race, podiums, CASE podiums WHEN 1 THEN 'podium' ELSE 'podiums' END AS podiums_word,
  100 * 0.6 * podiums / (podiums + 10) AS score
FROM reached JOIN people USING (driverId) JOIN races ON year = :season AND round = :round WHERE wins = 0
