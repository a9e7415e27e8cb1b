"""How wide the planets are."""

from coursewright.figures import bars


def draw(planets):
    widest = planets.sort_values("diameter", ascending=False).assign(width=lambda all_: all_.diameter / 1000)
    return bars(
        widest,
        x="planet",
        y="width",
        highlight=["Earth"],
        title="Jupiter is eleven times as wide as the Earth",
        subtitle="Diameters in thousands of km",
        caption="Data: NASA",
    )
