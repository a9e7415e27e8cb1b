"""What a driver or a team did, season by season: wins, places on the podium and pole positions."""

from coursewright.figures import lines

SAID = {
    "driver": (
        "Podiums",
        "How many races of each season ended on the podium, were won, or began from pole position",
        "races",
    ),
    "team": ("Podium places", "How many places on the podium, wins and pole positions in each season", "number"),
}


def draw(years, kind, id, called):  # noqa: A002 - the parameter's name in the pages
    podiums, subtitle, unit = SAID[kind]
    mine = years[(years.kind == kind) & (years.id == id)]
    counts = mine.melt("year", ["podiums", "wins", "poles"], "what", "number")
    counts["what"] = counts.what.map({"podiums": podiums, "wins": "Wins", "poles": "Pole positions"})
    counts = counts[counts.groupby("what").number.transform("sum") > 0]
    return lines(
        counts,
        x="year",
        y="number",
        group="what",
        title=f"{called}, season by season",
        subtitle=subtitle,
        caption="Data: F1DB, CC BY 4.0",
        y_label=unit,
    )
