/*---
title = "The wettest month on record"
tell = "With #millimetres# mm, #town# had its wettest month of the #years# years on record"
score = "millimetres"
---*/
SELECT town, millimetres, (SELECT count(DISTINCT year) FROM rain WHERE year <= :year) AS years
FROM wettest
WHERE year = :year
  AND millimetres = (SELECT max(millimetres) FROM wettest AS w WHERE w.town = wettest.town AND w.year <= :year)
