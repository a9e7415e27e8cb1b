"""Where people have looked at the planets from."""

from coursewright.figures import places


def draw(observatories):
    return places(
        observatories,
        name="name",
        latitude="latitude",
        longitude="longitude",
        highlight=list(observatories.name),
        title="Where people have looked at the planets from",
        subtitle="Ten observatories, opened from 1667 to 1999",
    )
