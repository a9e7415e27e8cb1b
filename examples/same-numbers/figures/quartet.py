"""The four series as points, each with the line that fits it."""

from plotnine import aes, facet_wrap, geom_abline, geom_point, ggplot

from coursewright.figures import PALETTE, Chart, course_theme

ALT = (
    "Four small charts with the same rising line. The points of I lie around it; those of II on a curve; those of III "
    "on a straight line but for one far above; those of IV one above the other but for one far to the right."
)


def draw(quartet):
    """The chart."""
    plot = (
        ggplot(quartet, aes("x", "y"))
        + geom_abline(intercept=3, slope=0.5, colour=PALETTE[1])
        + geom_point(colour=PALETTE[0], size=2)
        + facet_wrap("series", ncol=2)
        + course_theme()
    )
    return Chart(plot, alt=ALT)
