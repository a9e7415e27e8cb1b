-- Who in the domain maintains which packages: one row for each person and package.
-- A host is in the domain when it is the domain or ends in a dot and the domain, so that neither xac.uk nor ac.uk.com is
-- in ac.uk. The institution is the part of the host that stands before the domain: stats.northfield.ac.uk belongs to
-- northfield.ac.uk.
WITH wanted AS (SELECT lower(trim(:domain, ' .@')) AS domain),
within AS (
  SELECT
    package, name, domain,
    list_filter(hosts, lambda host: host = domain OR ends_with(host, '.' || domain))[1] AS host
  FROM addresses, wanted
),
placed AS (
  SELECT package, name, domain, left(host, greatest(length(host) - length(domain) - 1, 0)) AS below
  FROM within
  WHERE host IS NOT NULL
)
SELECT
  CASE below WHEN '' THEN domain ELSE string_split(below, '.')[-1] || '.' || domain END AS institution,
  name, w.package, title, package_link AS link
FROM placed w LEFT JOIN packages p ON p.package = w.package
ORDER BY institution, name, w.package
