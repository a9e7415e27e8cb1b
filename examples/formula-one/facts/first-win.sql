/*---
title = "Drivers who could win for the first time"
tell = [
  "#code# could win for the first time, after #podiums# #podiums_word#",
  "With #podiums# #podiums_word# so far, #code# could win for the first time",
]
score = "score"
---*/
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, podiums, CASE podiums WHEN 1 THEN 'podium' ELSE 'podiums' END AS podiums_word,
  100 * 0.6 * podiums / (podiums + 10) AS score
FROM field JOIN careers USING (driverId)
WHERE year = :season AND round = :round AND wins = 0 AND podiums > 0
