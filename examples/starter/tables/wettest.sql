-- The wettest month of each town and year.
SELECT year, town, max(millimetres) AS millimetres FROM rain GROUP BY year, town
