"""What a driver or a team did, season by season: wins, places on the podium and pole positions."""

from coursewright.figures import lines

PODIUMS = {"driver": "Podiums", "team": "Podium places"}
SUBTITLES = {
    "driver": "How many races of each season ended on the podium, were won, or began from pole position",
    "team": "How many places on the podium, wins and pole positions in each season",
}


def draw(years, kind, id, called):
    mine = years[(years.kind == kind) & (years.id == id)]
    counts = mine.melt("year", ["podiums", "wins", "poles"], "what", "number")
    counts["what"] = counts.what.map({"podiums": PODIUMS[kind], "wins": "Wins", "poles": "Pole positions"})
    counts = counts[counts.groupby("what").number.transform("sum") > 0]
    return lines(
        counts,
        x="year",
        y="number",
        group="what",
        title=f"{called}, season by season",
        subtitle=SUBTITLES[kind],
        caption="Data: F1DB, CC BY 4.0",
        y_label="races" if kind == "driver" else "number",
    )
