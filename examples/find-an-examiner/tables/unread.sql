-- Lines in which no address can be found: their packages may belong to anybody. ORPHANED is CRAN's word for nobody.
SELECT maintainer, count(*) AS packages
FROM addresses
WHERE len(hosts) = 0 AND upper(trim(maintainer)) <> 'ORPHANED'
GROUP BY maintainer
ORDER BY maintainer
