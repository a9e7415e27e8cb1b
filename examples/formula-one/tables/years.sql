-- What each driver and each team did in each season, in one table for one chart: `kind` says which of them, `id` who.
SELECT 'driver' AS kind, driverId AS id, year, podiums, wins, poles FROM driver_seasons
UNION ALL
SELECT 'team', constructorId, year, podiums, wins, poles FROM team_seasons
