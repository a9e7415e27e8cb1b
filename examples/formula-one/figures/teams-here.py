"""The teams of this race at this circuit, year by year."""

from coursewright.figures import lines


def draw(team_supertimes, season, round, circuitRef, circuit):
    so_far = (team_supertimes.year < season) | ((team_supertimes.year == season) & (team_supertimes["round"] <= round))
    here = team_supertimes[so_far & (team_supertimes.circuitRef == circuitRef)]
    latest = here[here.year == here.year.max()]
    now = set(latest[latest["round"] == latest["round"].max()].team)
    # A circuit with two races in one year has two rows for each team: the better one stands for the year.
    recent = here[here.team.isin(now) & (here.year > season - 15)]
    best = recent.groupby(["team", "year"], as_index=False).supertime.min()
    return lines(
        best,
        x="year",
        y="supertime",
        group="team",
        title="Who has got closer to the front?",
        subtitle=f"Best lap of each team at {circuit}, 100 = the best of that weekend; lower is faster",
        caption="Data: F1DB, CC BY 4.0",
        y_label="supertime",
    )
