CREATE TABLE species (
    code       text PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    scientific text NOT NULL,
    max_height numeric(4, 1) NOT NULL CHECK (max_height > 0)
);
COMMENT ON COLUMN species.max_height IS 'in metres, in a street';

CREATE TABLE trees (
    tree     integer PRIMARY KEY,
    species  text NOT NULL REFERENCES species (code),
    street   text NOT NULL,
    planted  integer CHECK (planted BETWEEN 1850 AND 2100),
    girth_cm integer CHECK (girth_cm > 0)
);
COMMENT ON COLUMN trees.planted IS 'the year; empty for trees older than the records';

CREATE TABLE inspections (
    tree      integer NOT NULL REFERENCES trees (tree),
    inspected date NOT NULL,
    health    text NOT NULL CHECK (health IN ('good', 'fair', 'poor', 'dead')),
    PRIMARY KEY (tree, inspected)
);

CREATE VIEW latest_inspections AS
SELECT DISTINCT ON (tree) tree, inspected, health
FROM inspections
ORDER BY tree, inspected DESC;
