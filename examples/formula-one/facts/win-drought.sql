/*---
title = "First win since …"
tell = [
  "A win would be the first for #code# since the #last_year# #last_race#",
  "#code# last won at the #last_year# #last_race#",
  "The last win for #code# was the #last_year# #last_race#",
]
score = "score"
---*/
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, win_year AS last_year, win_race AS last_race, starts_since_win AS races_since,
  100 * 0.55 * starts_since_win / (starts_since_win + 60) AS score
FROM field JOIN careers USING (driverId)
WHERE year = :season AND round = :round AND starts_since_win >= 10
