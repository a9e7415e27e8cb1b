"""Where the three quickest teams of this race come from at this circuit: their years, and the curve through them."""

from coursewright.figures import lines


def draw(team_supertimes, season, round, circuitRef, circuit):
    so_far = (team_supertimes.year < season) | ((team_supertimes.year == season) & (team_supertimes["round"] <= round))
    here = team_supertimes[so_far & (team_supertimes.circuitRef == circuitRef) & (team_supertimes.year > season - 15)]
    latest = here[here.year == here.year.max()]
    latest = latest[latest["round"] == latest["round"].max()].sort_values("supertime")
    best = here[here.team.isin(latest.team)].groupby(["team", "year"], as_index=False).supertime.min()
    return lines(
        best,
        x="year",
        y="supertime",
        group="team",
        highlight=list(latest.team[:3]),
        fit="quadratic",
        title="The three quickest, and how they came there",
        subtitle=f"Best lap of each team at {circuit}; the curve is the parabola nearest to a team's years",
        caption="Data: F1DB, CC BY 4.0",
        y_label="supertime",
    )
