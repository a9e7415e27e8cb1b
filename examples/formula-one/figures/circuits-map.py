"""Where the races were, and how many."""

from coursewright.figures import places


def draw(circuit_totals):
    run = circuit_totals[circuit_totals.races > 0].sort_values("races", ascending=False)
    return places(
        run,
        name="location",
        latitude="lat",
        longitude="lng",
        size="races",
        highlight=list(run.location.head(6)),
        title="Where the races were",
        subtitle="A dot for each circuit; the larger, the more World Championship races",
        caption="Data: F1DB, CC BY 4.0",
    )
