"""What a driver did, season by season: wins, podiums and pole positions."""

from coursewright.figures import lines


def draw(driver_seasons, driverId, driver):
    mine = driver_seasons[driver_seasons.driverId == driverId]
    counts = mine.melt("year", ["podiums", "wins", "poles"], "what", "number")
    counts["what"] = counts.what.map({"podiums": "Podiums", "wins": "Wins", "poles": "Pole positions"})
    counts = counts[counts.groupby("what").number.transform("sum") > 0]
    return lines(
        counts,
        x="year",
        y="number",
        group="what",
        title=f"{driver}, season by season",
        subtitle="How many races of each season ended on the podium, were won, or began from pole position",
        caption="Data: F1DB, CC BY 4.0",
        y_label="races",
    )
