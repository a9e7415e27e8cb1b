"""Where instruments come from, on a map of outlines: Leaflet without tiles, all of it inside the page."""

import json
from pathlib import Path

from coursewright.figures import widget

LEAFLET = Path(__file__).parent.parent / "leaflet"


def draw(instruments):
    style = "".join((LEAFLET / name).read_text(encoding="utf-8") for name in ("leaflet.css", "map.css"))
    scripts = [(LEAFLET / name).read_text(encoding="utf-8") for name in ("leaflet.js", "land.js", "map.js")]
    places = json.dumps(instruments.to_dict("records")).replace("<", r"\u003c")
    names = ", ".join(f"the {row.name} from {row.place}" for row in instruments.itertuples(index=False))
    page = (
        f'<!doctype html>\n<html lang="en">\n<title>Where instruments come from</title>\n<style>{style}</style>\n'
        + "".join(f"<script>{script}</script>\n" for script in scripts)
        + f'<div id="map"></div>\n<script>outlines({places})</script>\n</html>\n'
    )
    return widget(page, alt=f"A map of the world with {len(instruments)} places: {names}", height=360)
