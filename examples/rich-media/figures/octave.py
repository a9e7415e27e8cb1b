"""An octave in semitones, with the fourth and the fifth on it."""

from coursewright.figures.diagrams import number_line


def draw():
    return number_line(0, 12, step=1, points={"fourth": 5, "fifth": 7}, intervals=["[0, 7]"])
