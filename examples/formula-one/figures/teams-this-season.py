"""The teams of this season, race by race."""

from coursewright.figures import lines


def draw(team_supertimes, races, season):
    laps = team_supertimes[team_supertimes.year == season]
    names = races[races.year == season][["round", "name"]]
    laps = laps.merge(names, on="round").sort_values("round")
    laps["race"] = laps["name"].str.removesuffix(" Grand Prix")
    return lines(
        laps,
        x="race",
        y="supertime",
        group="team",
        title=f"The season {season}, race by race",
        subtitle="Best lap of each team at each race, 100 = the best of that weekend; lower is faster",
        caption="Data: F1DB, CC BY 4.0",
        y_label="supertime",
    )
