/*---
title = "Drivers with the most wins of all"
tell = "#few# won more races than #code#, who has won #wins#"
score = "score"

[question]
ask = "How many races had #driver# won before the #season# #race#?"
answer = "wins"
---*/
WITH ranked AS (SELECT driverId, wins, RANK() OVER (ORDER BY wins DESC) - 1 AS better FROM winners WHERE wins >= 5)
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, wins, better,
  CASE better WHEN 0 THEN 'Nobody has' WHEN 1 THEN 'Only one driver has' WHEN 2 THEN 'Only two drivers have' ELSE 'Only three drivers have' END AS few,
  100 * 0.8 * wins / (wins + 25) / (1 + 0.5 * better) AS score
FROM ranked JOIN field USING (driverId)
WHERE year = :season AND round = :round AND better <= 3
