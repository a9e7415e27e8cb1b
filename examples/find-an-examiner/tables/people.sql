-- The same with one row for each person: their packages, what these do and where they are, as lists in one order.
SELECT
  institution, name, list(package ORDER BY package) AS package, list(title ORDER BY package) AS title,
  list(link ORDER BY package) AS link
FROM examiners
GROUP BY institution, name
ORDER BY institution, name
