-- What drivers are called. `code` names a driver in one word; drivers who met a namesake in a race (Hill and Hill,
-- Monteiro and Montagny) are listed in `names` and go by their full name.
SELECT d.driverId, d.forename || ' ' || d.surname AS driver, COALESCE(n.name, d.code, d.surname) AS code, d.dob
FROM drivers d
LEFT JOIN names n ON n.driverId = d.driverId
