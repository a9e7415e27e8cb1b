-- How round a number is, from 1 for 100, 200, … down to 0.3 for 5, 15, 35, …: the one place where that is decided.
SELECT n, CASE WHEN n % 100 = 0 THEN 1.0 WHEN n % 50 = 0 THEN 0.75 WHEN n % 25 = 0 THEN 0.55 WHEN n % 10 = 0 THEN 0.4 ELSE 0.3 END AS roundness
FROM (
  SELECT 100 * h.d + 10 * t.d + u.d AS n
  FROM (VALUES (0), (1), (2), (3), (4), (5)) AS h(d)
  CROSS JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS t(d)
  CROSS JOIN (VALUES (0), (5)) AS u(d)
) AS numbers
WHERE n > 0
