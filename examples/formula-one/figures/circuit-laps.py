"""The best laps at a circuit, year by year; a line breaks where the layout changed, or a year is missing."""

from coursewright.figures import lines


def draw(circuit_laps, circuitId, circuit):
    return lines(
        circuit_laps[circuit_laps.circuitId == circuitId],
        x="year",
        y="seconds",
        group="session",
        stretch="layout",
        title="The lap through the years",
        subtitle=f"Best lap of anybody at {circuit} in seconds, as far as the times are known; "
        "a line breaks where the layout changed",
        caption="Data: F1DB, CC BY 4.0",
        y_label="seconds",
    )
