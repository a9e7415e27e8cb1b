"""What a bundle holds, and that it stays what it is."""

import subprocess
import sys

import pytest

from coursewright.errors import CoursewrightError
from coursewright.figures import Figure
from coursewright.media import TYPES, Bundle, ending

PNG, SVG = "image/png", "image/svg+xml"


def test_a_bundle_stays_what_it_is():
    data = {SVG: b"<svg/>"}
    bundle = Bundle(data, "A box", "Below")
    data[PNG] = b"later"
    assert dict(bundle.data) == {SVG: b"<svg/>"}
    with pytest.raises(TypeError):
        bundle.data[PNG] = b"later"
    assert bundle == Bundle({SVG: b"<svg/>"}, "A box", "Below")


def test_the_best_of_what_a_reader_takes():
    bundle = Bundle({SVG: b"<svg/>", PNG: b"png"}, "A box")
    assert [bundle.best(), bundle.best(PNG), bundle.best(PNG, SVG), bundle.best("audio/wav")] == [SVG, PNG, SVG, None]


def test_a_bundle_has_bytes_and_words():
    for data, alt, said in [
        ({}, "A box", "this picture or sound has no data"),
        ({PNG: b""}, " ", "this picture or sound has no alternative text"),
    ]:
        with pytest.raises(CoursewrightError) as caught:
            Bundle(data, alt)
        assert caught.value.problem.message == said


def test_a_figure_gives_one():
    figure = Figure("<svg/>", "A box", "Below", rasterize=lambda dpi: b"png"[:dpi])
    assert figure.bundle() == Bundle({SVG: b"<svg/>"}, "A box", "Below")
    assert list(figure.bundle(png=True).data) == [SVG, PNG]


def test_an_ending_leads_back_to_its_type():
    assert all(TYPES[ending(media_type)] == media_type for media_type in TYPES.values())
    assert (ending("image/jpeg"), ending("text/x-tikz")) == (".jpg", "")


def test_it_imports_nothing_heavy():
    code = "import sys, coursewright.media; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "lxml", "msgspec", "polars", "yaml"} & set(loaded)
