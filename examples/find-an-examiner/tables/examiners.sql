-- Who in the domain maintains which packages: one row for each person and package.
-- An address is written <user at host.ac.uk> or <user@host.ac.uk>. A host is in the domain when it is the domain or ends
-- in a dot and the domain, so that neither xac.uk nor ac.uk.com is in ac.uk. The institution is the part of the host that
-- stands before the domain: stats.northfield.ac.uk belongs to northfield.ac.uk.
WITH wanted AS (SELECT lower(trim(:domain, ' .@')) AS domain),
written AS (
  SELECT
    package, trim(split_part(maintainer, '<', 1)) AS name,
    lower(regexp_extract(maintainer, '<[^<>]*(?:@|\sat\s)\s*([^<>@\s]+?)\.?\s*>', 1)) AS host
  FROM maintainers
),
within AS (
  SELECT package, name, host, domain, left(host, greatest(length(host) - length(domain) - 1, 0)) AS below
  FROM written, wanted
  WHERE host = domain OR ends_with(host, '.' || domain)
)
SELECT
  CASE below WHEN '' THEN domain ELSE string_split(below, '.')[-1] || '.' || domain END AS institution,
  name, w.package, title, package_link AS link
FROM within w LEFT JOIN packages p ON p.package = w.package
ORDER BY institution, name, w.package
