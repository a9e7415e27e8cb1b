-- Each line of the page with the addresses in it, however a person would write one: user@host, user at host, user AT
-- host, user[at]host, user (at) host, "dot" for a dot, in < > or not. What stands in front of it is the name.
WITH written AS (
  SELECT
    maintainer, package,
    regexp_replace(
      regexp_replace(
        maintainer, '\s*[\[({]\s*(?:at|@)\s*[\])}]\s*|\s+at\s+|\s*@\s*', '@', 'gi'
      ),
      '\s*[\[({]\s*(?:dot|\.)\s*[\])}]\s*|\s+dot\s+', '.', 'gi'
    ) AS plain
  FROM maintainers
)
SELECT
  maintainer, package,
  list_transform(
    regexp_extract_all(plain, '[^\s<>@(),;:\[\]{}"]+@((?:[\p{L}\p{N}_-]+\.)+\p{L}{2,})', 1), lambda host: lower(host)
  ) AS hosts,
  coalesce(
    nullif(trim(split_part(CASE WHEN contains(maintainer, '<') THEN maintainer ELSE '' END, '<', 1)), ''),
    nullif(trim(regexp_replace(plain, '[\s<(\[{]*[^\s<>@(),;:\[\]{}"]+@.*$', '')), ''),
    maintainer
  ) AS name
FROM written
