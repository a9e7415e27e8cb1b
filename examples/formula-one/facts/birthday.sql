/*---
title = "Birthdays on race day"
tell = "#code# turns #age# on race day"
score = "score"
---*/
SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, EXTRACT(YEAR FROM date) - EXTRACT(YEAR FROM dob) AS age, 30 AS score
FROM field
WHERE year = :season AND round = :round AND (EXTRACT(MONTH FROM dob) = EXTRACT(MONTH FROM date) AND EXTRACT(DAY FROM dob) = EXTRACT(DAY FROM date)
  -- born on 29 February: 1 March, where the year has no such day
  OR EXTRACT(MONTH FROM dob) = 2 AND EXTRACT(DAY FROM dob) = 29 AND EXTRACT(MONTH FROM date) = 3 AND EXTRACT(DAY FROM date) = 1
    AND EXTRACT(DAY FROM date - INTERVAL 1 DAY) = 28)
