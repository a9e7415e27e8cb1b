"""The teams of this race at this circuit, year by year; a line breaks where the circuit had another layout."""

from coursewright.figures import lines


def draw(team_supertimes, raceId, circuit):
    now = team_supertimes[team_supertimes.raceId == raceId]
    race = now.iloc[0]
    here = team_supertimes[(team_supertimes.circuitRef == race.circuitRef) & team_supertimes.team.isin(now.team)]
    before = (here.year < race.year) & (here.year > race.year - 15)
    here = here[before | ((here.year == race.year) & (here["round"] <= race["round"]))]
    # Of two races in one year, the one on the layout of this race stands for the year, then the better one.
    here = here.assign(other=here.layout != race.layout).sort_values(["other", "supertime"])
    return lines(
        here.drop_duplicates(["team", "year"]),
        x="year",
        y="supertime",
        group="team",
        stretch="layout",
        title="Who has got closer to the front?",
        subtitle=f"Best lap of each team at {circuit}, 100 = the best of that weekend; lower is faster. "
        "A line breaks where the layout changed.",
        caption="Data: F1DB, CC BY 4.0",
        y_label="supertime",
    )
