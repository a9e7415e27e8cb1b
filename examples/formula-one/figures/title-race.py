"""The championship race by race: the points of those who were first in it at the end."""

from coursewright.figures import lines

FIRST = 8


def draw(standings, season):
    year = standings[standings.year == season]
    last = year[year.number == year.number.max()]
    first = last[last.place <= FIRST]
    points = year[year.driverId.isin(first.driverId)].sort_values("number")
    points["race"] = points["race"].str.removesuffix(" Grand Prix")
    return lines(
        points,
        x="race",
        y="points",
        group="driver",
        highlight=list(first[first.place == 1].driver),
        title="The championship, race by race",
        subtitle=f"Points after each race of {season}, as they counted, of the first {len(first)} in it",
        caption="Data: F1DB, CC BY 4.0",
        y_label="points",
    )
