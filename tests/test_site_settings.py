"""What an author decides about a site: its colours, letters, files and groups; and what other programs find of it."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from coursewright.courses import build, open_course
from coursewright.errors import CoursewrightError
from coursewright.figures.pictures.colour import LETTERS, contrast
from coursewright.pages.reading import Heading
from coursewright.sites import Entry, Index, Site
from coursewright.sites.around import discovery as found_by_others
from coursewright.sites.around import meant_by, text_of
from coursewright.sites.theme.icon import icon
from coursewright.sites.theme.looks import DARK, LIGHT, Fonts, SiteLooks
from coursewright.sites.theme.preview import LETTERS as DRAWN
from coursewright.sites.theme.preview import draw, preview
from coursewright.sites.theme.style import settings_style, style
from test_pages import Reader

URL = 'url = "https://example.org/a%20b"\n'
COPY, KIND = "copy it into the course and write its path from there", "is no file of the kind that is wanted here"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def course_toml(site: str = "", more: str = "") -> str:
    """A course with settings of its site, which begin in line 3 when there is no `more`."""
    return f'[course]\ntitle = "Fruit"\n{more}[site]\n{site}\n'


def page(root: Path, name: str = "index") -> str:
    """The HTML of a page of a course that is built."""
    build(open_course(root))
    return (root / f"build/site/{name}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("setting", "part", "message", "hint"),
    [
        ('accent = "red"', "accent", '"red" is no colour', 'write it as "#b00020"'),
        ('accent = "#b00020;}"', "accent", '"#b00020;}" is no colour', 'write it as "#b00020"'),
        (
            'accent = "#f00"', "accent", "#f00 on a shaded part in light colours has a contrast of 3.63",
            "letters need 4.5: the nearest that has it is #e20000",
        ),
        (
            'accent_dark = "#800"', "accent_dark", "#800 on a shaded part in dark colours has a contrast of 1.55",
            "letters need 4.5: the nearest that has it is #be7575",
        ),
        (
            'edit = "https://x.org/edit"', "edit", '"https://x.org/edit" is no address to edit a page at',
            "write it whole, with {file} once, such as https://github.com/ou/course/edit/main/{file}",
        ),
        (
            'edit = "javascript:{file}"', "edit", '"javascript:{file}" is no address to edit a page at',
            "write it whole, with {file} once, such as https://github.com/ou/course/edit/main/{file}",
        ),
        ('css = "on.css"', "css", 'no file "on.css"',
         'did you mean "own.css"? Available: course.toml, own.css, own.woff2'),
        ('css = "../own.css"', "css", '"../own.css" is outside the course', COPY),
        ('css = "/own.css"', "css", '"/own.css" is outside the course', COPY),
        ('css = "build/own.css"', "css", '"build/own.css" is not published', "hidden files and build/ stay at home"),
        ('css = ".own.css"', "css", '".own.css" is not published', "hidden files and build/ stay at home"),
        ('css = "course.toml"', "css", f'"course.toml" {KIND}', "its name ends in .css"),
        ('icon = "own.css"', "icon", f'"own.css" {KIND}', "its name ends in .svg or .png or .ico"),
        ('picture = "own.svg"', "picture", f'"own.svg" {KIND}', "its name ends in .png or .jpg or .jpeg"),
        ('fonts.text = "own.css"', "fonts", f'"own.css" {KIND}', "its name ends in .woff2 or .woff or .ttf or .otf"),
        ('logo = { file = "a.svg", alt = " " }', "logo", "the logo has no alternative text",
         'say what it shows, such as alt = "The Open University"'),
        ('groups = { A = ["a"], B = ["a"] }', "groups", '"a" is in the groups twice', "name it once"),
        ('groups = { A = ["s/x"] }', "groups", '"s/x" is inside a section, and groups have what is not',
         'name the section, "s"'),
        ('groups = { A = ["b"] }', "groups", 'no page or section called "b"', "Available: a, s, s/x"),
    ],
)  # fmt: skip
def test_a_setting_that_does_not_fit_is_a_problem(
    make_course: Any, setting: str, part: str, message: str, hint: str
) -> None:
    files = {"course.toml": course_toml(setting), "pages/a.md": "# A\n", "pages/s/x.md": "# X\n", "own.css": ""}
    root = make_course({**files, "own.woff2": ""})
    with pytest.raises(CoursewrightError) as raised:
        build(open_course(root))
    said = f"error: {message}\n  --> {root}/course.toml:4, [site{'.fonts] text' if part == 'fonts' else f'] {part}'}"
    assert str(CoursewrightError(*vars_of(raised.value.problems[0]))) == f"{said}\nhint: {hint}"


def vars_of(problem: Any) -> tuple[str, Any, str]:
    """What a problem says."""
    return problem.message, problem.where, problem.hint


def test_all_that_is_wrong_with_the_settings_is_told_at_once(make_course: Any) -> None:
    root = make_course({"course.toml": course_toml('accent = "red"\ncss = "x.css"\nedit = "x"')})
    with pytest.raises(CoursewrightError) as raised:
        open_course(root)
    assert [str(problem.where).rpartition(":")[2] for problem in raised.value.problems] == [
        "6, [site] edit", "4, [site] accent", "5, [site] css",
    ]  # fmt: skip


def test_a_file_that_a_link_leads_out_of_the_course_to_is_a_problem(make_course: Any, tmp_path: Path) -> None:
    (tmp_path / "secret.css").write_text("secret")
    root = make_course({"course.toml": course_toml('css = "own.css"')})
    (root / "own.css").symlink_to(tmp_path / "secret.css")
    with pytest.raises(CoursewrightError, match=r'"own\.css" is outside the course'):
        open_course(root)


def test_an_accent_is_that_of_links_and_one_for_dark_colours_is_made_of_it() -> None:
    assert settings_style(SiteLooks()) == ""
    assert settings_style(SiteLooks(accent="#B00")) == ":root {\n  --link: light-dark(#bb0000, #de8585);\n}\n"
    assert "(#bb0000, #ffaaaa)" in settings_style(SiteLooks(accent="#bb0000", accent_dark="#faa"))
    theirs = re.search(r"--link: light-dark\((#\w+), (#\w+)\)", style())
    assert theirs
    only_dark = settings_style(SiteLooks(accent_dark="#ffaaaa"))
    assert f"light-dark({theirs[1]}, #ffaaaa)" in only_dark


@pytest.mark.parametrize("colour", ["#000000", "#bb0000", "#00532f", "#0b57a4", "#5a4a00", "#333"])
def test_the_accent_that_is_made_can_be_read(colour: str) -> None:
    light, dark = SiteLooks(accent=colour).accents
    assert min(contrast(light, ground) for ground in LIGHT.values()) >= LETTERS
    assert min(contrast(dark, ground) for ground in DARK.values()) >= LETTERS
    assert all(ground in style() for ground in (*LIGHT.values(), *DARK.values()))


def test_files_of_the_author_go_along(make_course: Any) -> None:
    setting = (
        'css = "looks/own.css"\nicon = "i.svg"\npicture = "pages/p.png"\n'
        'logo = { file = "looks/l o.svg", alt = "A & B" }\n'
        '[site.fonts]\ntext = "looks/a b.woff2"\nbold = "b.ttf"\n'
        'italic = "i.otf"\nheadings = "h.woff"\ncode = "c.woff2"'
    )
    names = ["looks/own.css", "i.svg", "pages/p.png", "looks/l o.svg", "looks/a b.woff2", "b.ttf", "i.otf", "h.woff"]
    files = {name: f"of {name}" for name in [*names, "c.woff2"]}
    linked = {"pages/index.md": "# A\n\n![a](p.png)\n", "pages/s/b.md": "# B\n"}
    root = make_course({"course.toml": course_toml(setting, URL), **files, **linked})
    html, below = page(root), (root / "build/site/s/b.html").read_text()
    for name, text in files.items():
        assert (root / "build/site" / name.removeprefix("pages/")).read_text() == text
    assert '<link rel="stylesheet" href="style.css">\n<link rel="stylesheet" href="looks/own.css">' in html
    assert '<link rel="stylesheet" href="../looks/own.css">' in below
    assert '<link rel="icon" href="i.svg">' in html
    assert '<a href="index.html"><img src="looks/l%20o.svg" alt="A &amp; B">Fruit</a>' in html
    assert '<meta property="og:image" content="https://example.org/a%20b/p.png">' in html
    assert not (root / "build/site/favicon.svg").exists()
    assert not list((root / "build/site").glob("social*"))
    sheet = (root / "build/site/style.css").read_text()
    assert (
        '@font-face { font-family: "Course text"; src: url("looks/a%20b.woff2") format("woff2"); font-weight: 400; '
        "font-style: normal; font-display: swap; }" in sheet
    )
    assert sheet.count("@font-face") == 5
    assert '--letters: "Course text", system-ui, sans-serif;' in sheet
    assert '--typewriter: "Course code", ui-monospace, monospace;' in sheet
    assert not (root / "build/markdown/looks").exists()


def test_a_font_alone_is_for_every_weight() -> None:
    alone, with_bold = (
        settings_style(SiteLooks(fonts=Fonts(text="a.woff2"))),
        settings_style(SiteLooks(fonts=Fonts("a.otf", "b.otf"))),
    )
    assert re.findall(r"font-weight: ([\d ]+)", alone) == ["100 900"]
    assert re.findall(r"font-weight: ([\d ]+)", with_bold) == ["400", "600 900"]


def test_another_setting_writes_pages_again_and_carries_nothing_out(make_course: Any) -> None:
    root = make_course({"course.toml": course_toml(), "pages/index.md": "# A\n\n```{table}\nSELECT 1 AS a\n```\n"})
    assert build(open_course(root)).executed == 1
    (root / "course.toml").write_text(course_toml('edit = "https://x.org/{file}"'))
    assert build(open_course(root)).executed == 0
    assert 'href="https://x.org/pages/index.md"' in (root / "build/site/index.html").read_text()


def test_groups_are_headings_of_the_menu_and_give_its_order(make_course: Any) -> None:
    setting = '[site.groups]\n"First & last" = ["z", "s"]\nMiddle = ["m"]'
    names = ["index", "a", "m", "z"]
    files = {f"pages/{name}.md": f"# The {name}\n" for name in names} | {"pages/s/index.md": "# The s\n"}
    root = make_course({"course.toml": f'[course]\ntitle = "T"\n{setting}\n', **files})
    assert build(open_course(root)).pages == ("index", "z", "s/index", "m", "a")
    html = page(root)
    menu = html[html.index('<nav class="menu"') : html.index("<main")]
    told = re.findall(r"<p>(.*?)</p>|>The (\w+)</a>", menu)
    assert [title or name for title, name in told] == ["index", "First &amp; last", "z", "s", "Middle", "m", "a"]


def test_a_page_can_be_changed_where_its_author_says(make_course: Any) -> None:
    setting = 'edit = "https://example.org/edit/main/{file}?plain=1"'
    root = make_course({"course.toml": course_toml(setting), "pages/ü b/a?.md": "# A\n"})
    assert (
        '<p class="edit"><a href="https://example.org/edit/main/pages/%C3%BC%20b/a%3F.md?plain=1">'
        "Edit this page</a></p>" in page(root, "ü b/a")
    )
    assert "Edit this page" not in (root / "build/site/index.html").read_text()  # nobody wrote it


def test_a_page_can_have_authors_and_a_licence_of_its_own(make_course: Any) -> None:
    course = '[course]\ntitle = "T"\nauthors = ["Ann", "Bo"]\nlicence = "CC-BY-4.0"\n'
    front = "---\nauthors: [Cy <i>]\nlicence: MIT\n---\n"
    root = make_course({"course.toml": course, "pages/index.md": "# A\n", "pages/b.md": f"{front}# B\n"})
    foot = '<p>Ann, Bo · <a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC-BY-4.0</a></p>'
    assert foot in page(root)
    own = (root / "build/site/b.html").read_text()
    assert "<p>Cy &lt;i&gt; · MIT</p>" in own
    assert '<meta name="author" content="Cy &lt;i&gt;">' in own


@pytest.mark.parametrize(
    ("licence", "address"),
    [
        ("CC-BY-NC-SA-4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/"),
        ("CC-BY-ND-3.0", "https://creativecommons.org/licenses/by-nd/3.0/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC-BY-4.0-or-later", ""),
        ("MIT", ""),
        ("", ""),
    ],
)
def test_a_licence_of_creative_commons_leads_to_its_text(licence: str, address: str) -> None:
    assert text_of(licence) == address


@pytest.mark.parametrize(
    ("licence", "name"),
    [
        ("CC BY", "CC-BY-4.0"),
        ("cc-by-sa 3.0", "CC-BY-SA-3.0"),
        ("Creative Commons Attribution-NonCommercial 4.0 International", "CC-BY-NC-4.0"),
        ("CC zero", "CC0-1.0"),
        ("CC-BY-3.0-US", ""),
        ("All rights reserved", ""),
        ("MIT", ""),
    ],
)
def test_a_licence_of_creative_commons_is_known_by_other_names(licence: str, name: str) -> None:
    assert meant_by(licence) == name


def test_others_find_every_page_by_its_whole_address(make_course: Any) -> None:
    files = {
        "pages/index.md": "# A\n",
        "pages/s/index.md": "# S\n",
        "pages/s/ü b.md": "# B\n",
        "pages/404.md": "# No\n",
    }
    root = make_course({"course.toml": course_toml("", URL), **files})
    html = page(root, "s/ü-b")
    listed = ET.parse(root / "build/site/sitemap.xml").getroot()
    addresses = [f"https://example.org/a%20b/{path}" for path in ("", "s/", "s/%C3%BC-b.html")]
    assert [each.text for each in listed.iter(f"{SITEMAP}loc")] == addresses
    assert list(listed.iter(f"{SITEMAP}lastmod")) == []
    assert f'<link rel="canonical" href="{addresses[2]}">' in html
    assert f'<meta property="og:url" content="{addresses[2]}">' in html
    assert f'<link rel="canonical" href="{addresses[0]}">' in (root / "build/site/index.html").read_text()
    assert not (root / "build/site/robots.txt").exists()  # nobody asks for it anywhere but at the root of a host


def test_a_site_whose_address_is_not_known_says_none(make_course: Any) -> None:
    root = make_course({"pages/index.md": "# A\n"})
    html = page(root)
    assert "canonical" not in html
    assert "og:url" not in html
    assert "og:image" not in html
    assert found_by_others.sitemap(Index([]), Site("T")) == found_by_others.robots(Site("T")) == {}
    written = {file.name for file in (root / "build/site").iterdir()}
    assert written == {"index.html", "style.css", "site.js", "search.js", "search", "favicon.svg"}


def test_robots_are_told_where_the_pages_are_listed() -> None:
    said = found_by_others.robots(Site("T", url="https://example.org/"))
    assert said == {"robots.txt": "User-agent: *\nAllow: /\n\nSitemap: https://example.org/sitemap.xml\n"}
    hidden = found_by_others.robots(Site("T", url="https://example.org", looks=SiteLooks(listed=False)))
    assert hidden == {"robots.txt": "User-agent: *\nAllow: /\n"}


def test_a_site_that_is_not_listed_asks_to_be_left_out(make_course: Any) -> None:
    root = make_course({"course.toml": course_toml("listed = false", URL), "pages/index.md": "# A\n"})
    assert '<meta name="robots" content="noindex">' in page(root)
    assert not (root / "build/site/sitemap.xml").exists()


def test_a_long_list_of_pages_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found_by_others, "MOST", 2)
    index = Index(Entry(f"p-{n}", f"p-{n}.md", f"P{n}") for n in range(4))
    files = found_by_others.sitemap(index, Site("T", url="https://example.org/"))
    names = ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]
    assert list(files) == ["sitemap.xml", *names]
    told = [[each.text for each in ET.fromstring(text).iter(f"{SITEMAP}loc")] for text in files.values()]
    pages = ["", "p-0.html", "p-1.html", "p-2.html", "p-3.html"]
    assert told == [
        [f"https://example.org/{name}" for name in part] for part in (names, pages[:2], pages[2:4], pages[4:])
    ]


def test_the_page_for_what_is_not_there_works_at_any_depth_and_asks_for_nothing(make_course: Any) -> None:
    root = make_course(
        {"course.toml": course_toml('accent = "#bb0000"', f'language = "de"\n{URL}'), "pages/a.md": "# A\n"}
    )
    html = page(root, "404")
    tags = Reader(html)
    links = re.findall(r'(?:href|src)="([^"]*)"', html)
    assert set(links) == {"#site.content", "https://example.org/a%20b/", "https://example.org/a%20b/a.html"}
    assert not {"link", "img"} & set(tags.tags)
    assert "<h1>Hier ist keine Seite</h1>" in html
    assert "--link: light-dark(#bb0000" in html
    assert '<meta name="robots" content="noindex">' in html
    assert "canonical" not in html


def test_an_author_can_write_the_page_for_what_is_not_there(make_course: Any) -> None:
    text = "# Lost\n\n[b](s/b.md) [c](https://x.org/) [d](#lost) {{ year }}\n"
    files = {"pages/404.md": text, "pages/index.md": "# A\n", "pages/s/b.md": "# B\n"}
    course = course_toml("", URL) + "[parameters]\nyear = 2024\n"
    root = make_course({"course.toml": course, **files})
    html = page(root, "404")
    body = html[html.index("<main") :]
    links = ["https://example.org/a%20b/s/b.html", "https://x.org/"]
    assert re.findall(r'<a href="([^"]*)">', body)[:2] == links
    assert "Lost" not in page(root)  # no menu leads to it


def test_an_icon_is_the_first_letter_of_the_title() -> None:
    assert ">F</text>" in icon("«formula» One", SiteLooks())
    assert ">É</text>" in icon("e\u0301tude", SiteLooks()).replace("E\u0301", "É")
    assert ">&lt;" not in icon("<", SiteLooks())
    assert 'fill="#bb0000"' in icon("F", SiteLooks(accent="#b00"))
    ET.fromstring(icon("F & <G>", SiteLooks()))


def test_a_picture_of_the_site_is_drawn_where_its_letters_can_be() -> None:
    image = pytest.importorskip("PIL.Image", reason='pip install "coursewright[charts]"')
    pytest.importorskip("matplotlib", reason='pip install "coursewright[charts]"')
    site = Site("Formula One by numbers", ("Ann",), url="https://example.org/")
    first, again = draw(site), draw(site)
    assert first == again
    drawn = image.open(io.BytesIO(first))
    assert drawn.size == (1200, 630)
    assert drawn.convert("RGB").getpixel((5, 5)) == (11, 87, 164)
    assert preview(site).startswith("social-")
    assert preview(site) != preview(Site("Formula One", ("Ann",), url="https://example.org/"))
    assert preview(Site("数字", url="https://example.org/")) == preview(Site("Formula One")) == ""
    long = draw(Site("wordwordword " * 60, ("Ann " * 60,), url="https://example.org/"))
    assert image.open(io.BytesIO(long)).size == (1200, 630)
    arabic = image.open(io.BytesIO(draw(Site("سباق", language="ar", url="https://example.org/")))).convert("RGB")
    assert arabic.getpixel((1195, 5)) == (11, 87, 164)


def test_the_font_has_every_letter_that_is_drawn() -> None:
    fonts = pytest.importorskip("fontTools.ttLib", reason='pip install "coursewright[charts]"')
    matplotlib = pytest.importorskip("matplotlib", reason='pip install "coursewright[charts]"')
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        with fonts.TTFont(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name, lazy=True) as font:
            known = font.getBestCmap()
        letters = [chr(code) for code in range(0x3000) if DRAWN.fullmatch(chr(code))]
        assert len(letters) > 500
        assert [f"U+{ord(letter):04X}" for letter in letters if ord(letter) not in known] == []


def test_the_first_picture_of_a_page_stands_beside_links_to_it(make_course: Any) -> None:
    figure = (
        "from coursewright.figures import Figure\n\n"
        "def draw():\n    return Figure('<svg></svg>', 'A & b', rasterize=lambda dpi: b'png')\n"
    )
    files = {"figures/own.py": figure, "pages/index.md": "# A\n\n```{figure} own\n:png: true\n```\n"}
    html = page(make_course({"course.toml": course_toml("", URL), **files}))
    assert '<meta property="og:image" content="https://example.org/a%20b/index/own.png">' in html
    assert '<meta property="og:image:alt" content="A &amp; b">' in html


def test_headings_have_anchors_that_no_part_of_the_frame_has(make_course: Any) -> None:
    words = ["content", "menu", "contents", "trail", "turning", "site content", "site.content"]
    text = "# Site\n\n" + "".join(f"## {word}\n\n" for word in words)
    html = page(make_course({"pages/index.md": text, "pages/b.md": "# B\n"}))
    idents = re.findall(r' id="([^"]*)"', html)
    assert len(idents) == len(set(idents))
    assert Heading(2, "content", "content").anchor in idents


def test_dates_are_written_as_the_language_writes_them(make_course: Any) -> None:
    files = {
        "pages/index.md": "---\ndate: 2026-03-01\nupdated: 2026-11-29T14:30\n---\n# A\n",
        "pages/b.md": "---\ndate: 2026-03-01\n---\n# B\n",
        "pages/c.md": "---\nupdated: 2026-11-29\n---\n# C\n",
        "pages/d.md": "# D\n",
    }
    root = make_course({"course.toml": course_toml("", f'language = "fr"\n{URL}'), **files})
    first = '<time datetime="2026-03-01">1 mars 2026</time>'
    html = page(root)
    last = '<time datetime="2026-11-29T14:30:00">29 novembre 2026</time>'
    assert f'</h1>\n<p class="date">{first} · Dernière modification: {last}</p>\n' in html
    assert '<meta property="article:published_time" content="2026-03-01">' in html
    assert f'<p class="date">{first}</p>' in page(root, "b")
    assert '<p class="date">Dernière modification: <time datetime="2026-11-29">' in page(root, "c")
    assert "<time" not in page(root, "d")
    listed = ET.parse(root / "build/site/sitemap.xml").getroot()
    assert [(each[0].text or "")[-6:] for each in listed.iter(f"{SITEMAP}url") if len(each) > 1] == ["a%20b/", "c.html"]
    assert [each.text for each in listed.iter(f"{SITEMAP}lastmod")] == ["2026-11-29"] * 2
