"""Where the quickest teams of this race come from on this layout: their years, and the curve through them."""

from coursewright.figures import lines


def draw(team_supertimes, raceId, circuit):
    now = team_supertimes[team_supertimes.raceId == raceId]
    race = now.iloc[0]
    here = team_supertimes[(team_supertimes.layout == race.layout) & team_supertimes.team.isin(now.team)]
    before = (here.year < race.year) & (here.year > race.year - 15)
    here = here[before | ((here.year == race.year) & (here["round"] <= race["round"]))]
    return lines(
        here.groupby(["team", "year"], as_index=False).supertime.min(),
        x="year",
        y="supertime",
        group="team",
        highlight=list(now[now.place <= 3].team),
        fit="quadratic",
        title="The quickest, and how they came there",
        subtitle=f"Best lap of each team at {circuit} on this layout, and the parabola nearest to its years",
        caption="Data: F1DB, CC BY 4.0",
        y_label="supertime",
    )
