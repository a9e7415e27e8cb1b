/*---
title = "The youngest and the oldest driver"
tell = "#code# is the #which# driver entered, at #years# years#days_words#"
score = "score"
---*/
WITH entered AS (SELECT driverId, CASE :called WHEN 'name' THEN driver ELSE code END AS code, driver, race, date, dob FROM field WHERE year = :season AND round = :round),
bounds AS (SELECT MAX(dob) AS youngest, MIN(dob) AS oldest FROM entered),
extremes AS (
  SELECT entered.*, CASE WHEN dob = youngest THEN 'youngest' ELSE 'oldest' END AS which
  FROM entered JOIN bounds ON dob = youngest OR dob = oldest
),
aged AS (   -- whole years: one less before this year's birthday
  SELECT extremes.*, EXTRACT(YEAR FROM date) - EXTRACT(YEAR FROM dob) - CASE
    WHEN 100 * EXTRACT(MONTH FROM date) + EXTRACT(DAY FROM date) < 100 * EXTRACT(MONTH FROM dob) + EXTRACT(DAY FROM dob)
    THEN 1 ELSE 0 END AS years
  FROM extremes
),
counted AS (
  SELECT aged.*, CAST(date AS DATE) - CAST(dob + years * INTERVAL 1 YEAR AS DATE) - CASE   -- 29 February counts as 1 March
    WHEN EXTRACT(DAY FROM dob) = 29 AND EXTRACT(MONTH FROM dob) = 2 AND EXTRACT(DAY FROM dob + years * INTERVAL 1 YEAR) = 28
    THEN 1 ELSE 0 END AS days
  FROM aged
)
SELECT driverId, code, driver, race, which, years, days,
  CASE days WHEN 0 THEN ' to the day' WHEN 1 THEN ' and 1 day' ELSE ' and ' || CAST(days AS VARCHAR) || ' days' END AS days_words,
  100 * 0.4 * CASE which
    WHEN 'youngest' THEN CASE WHEN years < 18 THEN 0.9 WHEN years < 20 THEN 0.6 WHEN years < 22 THEN 0.35 ELSE 0.2 END
    ELSE CASE WHEN years >= 50 THEN 0.9 WHEN years >= 42 THEN 0.6 WHEN years >= 38 THEN 0.35 ELSE 0.2 END END AS score
FROM counted
