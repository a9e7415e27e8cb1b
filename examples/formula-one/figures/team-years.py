"""What a team did, season by season: wins, podium places and pole positions."""

from coursewright.figures import lines


def draw(team_seasons, constructorId, called):
    mine = team_seasons[team_seasons.constructorId == constructorId]
    counts = mine.melt("year", ["podiums", "wins", "poles"], "what", "number")
    counts["what"] = counts.what.map({"podiums": "Podium places", "wins": "Wins", "poles": "Pole positions"})
    counts = counts[counts.groupby("what").number.transform("sum") > 0]
    return lines(
        counts,
        x="year",
        y="number",
        group="what",
        title=f"{called}, season by season",
        subtitle="How many places on the podium, wins and pole positions in each season",
        caption="Data: F1DB, CC BY 4.0",
        y_label="number",
    )
