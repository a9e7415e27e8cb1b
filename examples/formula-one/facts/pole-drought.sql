/*---
title = "First pole position since …"
tell = [
  "A pole position would be the first for #code# since the #last_year# #last_race#",
  "#code# was last on pole position at the #last_year# #last_race#",
  "Not since the #last_year# #last_race# has #code# been on pole position",
]
score = "score"
---*/
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, pole_year AS last_year, pole_race AS last_race, starts_since_pole AS races_since,
  100 * 0.45 * starts_since_pole / (starts_since_pole + 60) AS score
FROM field JOIN careers USING (driverId)
WHERE year = :season AND round = :round AND starts_since_pole >= 10
