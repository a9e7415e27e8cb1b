"""What a bundle holds, and that it stays what it is."""

import html
import subprocess
import sys

import pytest

from coursewright.errors import CoursewrightError
from coursewright.figures import Figure
from coursewright.figures.diagrams.automata import automaton
from coursewright.figures.diagrams.gates import logic
from coursewright.figures.sound import tones
from coursewright.media import TYPES, Bundle, ending
from coursewright.questions.drawing.values import VariantValues

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


def test_jupyter_shows_a_picture_with_its_words_and_runs_no_script_of_it():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    shown, about = Bundle({SVG: svg}, 'A "box" <b>', "Below & more", "Ada")._repr_mimebundle_()
    assert shown["text/plain"] == 'A "box" <b>'
    assert 'alt="A &quot;box&quot; &lt;b&gt;"' in shown["text/html"]
    assert "<figcaption>Below &amp; more Ada</figcaption>" in shown["text/html"]
    assert "<script" not in shown["text/html"]
    assert (shown[SVG], about) == (svg.decode(), {SVG: {"alt": 'A "box" <b>'}})


def test_jupyter_shows_a_sound_as_a_player_with_its_words():
    shown, _ = Bundle({"audio/mpeg": b"ID3"}, "An <A>")._repr_mimebundle_()
    assert shown["text/html"] == (
        '<figure style="margin:0"><audio controls src="data:audio/mpeg;base64,SUQz" aria-label="An &lt;A&gt;"></audio>'
        "<figcaption>An &lt;A&gt;</figcaption></figure>"
    )


def test_jupyter_shows_a_page_in_a_frame_that_it_cannot_leave():
    shown, _ = Bundle({"text/html": b'<p>"Hi"</p>'}, "A greeting")._repr_mimebundle_()
    assert '<iframe class="cw-frame" sandbox="allow-scripts" title="A greeting" srcdoc="&lt;p&gt;' in shown["text/html"]


def test_what_is_too_large_for_a_notebook_is_a_warning_with_its_size():
    said = "this is too large for a notebook: 10.1 MB, of at most 10 MB"
    with pytest.warns(UserWarning, match="too large") as caught:
        shown, _ = Bundle({PNG: bytes(10_100_000)}, "A box")._repr_mimebundle_()
    assert shown == {"text/plain": f"A box ({said})"}
    hint = 'hint: keep it in a file: .save("…"), and make it smaller to show it'
    assert str(caught[0].message) == f"{said}\n{hint}"


def test_it_saves_itself_in_the_type_that_its_name_says(tmp_path):
    bundle = Bundle({SVG: b"<svg/>", PNG: b"png", "text/html": b"<p>"}, "A box")
    for name, file, content in [
        ("a.png", "a.png", b"png"),
        ("b", "b.svg", b"<svg/>"),
        ("c.SVG", "c.SVG", b"<svg/>"),
        ("d.html", "d.html", b"<p>"),
    ]:
        assert bundle.save(tmp_path / name) == tmp_path / file
        assert (tmp_path / file).read_bytes() == content
    with pytest.raises(CoursewrightError) as caught:
        bundle.save("a.mp3")
    assert str(caught.value) == (
        'error: this cannot be saved as ".mp3"\n  --> a.mp3\nhint: Available: .svg, .png, .html'
    )
    with pytest.raises(CoursewrightError, match="this cannot be saved: No such file or directory"):
        bundle.save(tmp_path / "none" / "a.png")


def test_what_draws_itself_shows_itself():
    machine = automaton({"A": {"0": "A"}}, start="A", accept=["A"])
    for thing in (logic("A and B"), machine, tones([(440, 0.1)])):
        shown, _ = thing._repr_mimebundle_()
        assert shown["text/plain"] == thing.alt
        assert f'"{html.escape(thing.alt)}"' in shown["text/html"]


def test_a_question_takes_one_as_it_is():
    values = VariantValues()
    values.value(Bundle({PNG: b"png"}, "A box", "Below"))
    assert [(each.alt, each.media_type, each.data) for each in values.media] == [("A box", PNG, b"png")]
    with pytest.raises(CoursewrightError, match="cannot be shown"):
        values.value(Bundle({"text/html": b"<p>"}, "A page"))


def test_it_imports_nothing_heavy():
    code = "import sys, coursewright.media; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "lxml", "msgspec", "polars", "yaml"} & set(loaded)
