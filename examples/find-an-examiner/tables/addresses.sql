-- Each line of the page with the addresses in it, however a person would write one: user@host, user at host, user AT
-- host, user[at]host, user (at) host, "dot" for a dot, in < > or not. What stands in front of it is the name.
-- Where that finds none, at and dot may stand between other signs, too: user_at_host, user -at- host, user <at> host.
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
),
found AS (
  SELECT
    maintainer, package,
    CASE WHEN regexp_matches(plain, '[^\s<>@(),;:\[\]{}"]@[\p{L}\p{N}_-]+\.') THEN plain ELSE
      regexp_replace(
        regexp_replace(plain, '\s*[-_.*/|''"<]+\s*at\s*[-_.*/|''">]+\s*|\s*\(a\)\s*|\s*＠\s*', '@', 'gi'),
        '\s*[-_*/|''"<]+\s*dot\s*[-_*/|''">]+\s*|\s+\.\s+', '.', 'gi'
      )
    END AS plain
  FROM written
)
SELECT
  maintainer, package,
  list_transform(
    -- A comma with a letter behind it is a slip for a dot: what stands before it is no host.
    regexp_extract_all(
      plain, '[^\s<>@(),;:\[\]{}"]+@((?:[\p{L}\p{N}_-]+\.)+\p{L}{2,})(?:[^\p{L}\p{N},_-]|,[^\p{L}]|,?$)', 1
    ),
    lambda host: lower(host)
  ) AS hosts,
  coalesce(
    nullif(trim(split_part(CASE WHEN contains(maintainer, '<') THEN maintainer ELSE '' END, '<', 1)), ''),
    nullif(trim(regexp_replace(plain, '[\s<(\[{]*[^\s<>@(),;:\[\]{}"]+@.*$', '')), ''),
    maintainer
  ) AS name
FROM found
