"""What a stranger's SVG may hold: a drawing, and nothing that runs, fetches or shows something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
# What drawing programs note for themselves. Browsers make nothing of it.
_NOTES = {
    "http://www.inkscape.org/namespaces/inkscape",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/elements/1.1/",
    "http://www.bohemiancoding.com/sketch/ns",
    "http://www.serif.com/",
    "http://ns.adobe.com/AdobeIllustrator/10.0/",
}
_ELEMENTS = """
    svg g defs symbol use title desc metadata style switch path rect circle ellipse line polyline polygon text tspan
    textPath image marker pattern mask clipPath linearGradient radialGradient stop filter feBlend feColorMatrix
    feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
    feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset
    fePointLight feSpecularLighting feSpotLight feTile feTurbulence
"""
_ATTRIBUTES = """
    alignment-baseline amplitude aria-describedby aria-hidden aria-label aria-labelledby azimuth baseProfile
    baseFrequency baseline-shift bias class clip clip-path clip-rule clipPathUnits color color-interpolation
    color-interpolation-filters color-rendering contentScriptType contentStyleType crossorigin cursor cx cy d decoding
    diffuseConstant direction display divisor dominant-baseline dx dy edgeMode elevation enable-background exponent fill
    fill-opacity fill-rule filter filterRes filterUnits flood-color flood-opacity focusable font font-family font-size
    font-size-adjust font-stretch font-style font-variant font-variant-ligatures font-weight fr fx fy glyph-name
    glyph-orientation-horizontal glyph-orientation-vertical gradientTransform gradientUnits height href id
    image-rendering in in2 intercept isolation k1 k2 k3 k4 kernelMatrix kernelUnitLength kerning lang lengthAdjust
    letter-spacing lighting-color limitingConeAngle line-height marker-end marker-mid marker-start markerHeight
    markerUnits markerWidth mask mask-type maskContentUnits maskUnits media method mix-blend-mode mode numOctaves offset
    opacity operator order orient overflow paint-order path pathLength patternContentUnits patternTransform patternUnits
    pointer-events points pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits r radius refX
    refY requiredExtensions requiredFeatures result role rotate rx ry scale seed shape-rendering side solid-color
    solid-opacity space spacing specularConstant specularExponent spreadMethod startOffset stdDeviation stitchTiles
    stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit
    stroke-opacity stroke-width style surfaceScale systemLanguage tabindex tableValues target targetX targetY
    text-align text-anchor text-decoration text-indent text-orientation text-rendering text-transform textLength title
    transform transform-box transform-origin type unicode-bidi values vector-effect version viewBox visibility
    white-space width word-spacing writing-mode x x1 x2 xChannelSelector y y1 y2 yChannelSelector z zoomAndPan
"""
_KNOWN = frozenset(_ELEMENTS.split()), frozenset(_ATTRIBUTES.split())
_INSIDE = re.compile(r"\s*(#|data:image/(png|jpeg|gif|webp);base64,)")  # what an address may be
_FETCHED = re.compile(r"""@import|\\|url\(\s*["']?\s*(?!\s|["']|#|data:image/(?:png|jpeg|gif|webp);base64,)""", re.I)


def more_than_a_drawing(data: bytes) -> str:
    """The first thing in an SVG that is no part of a drawing; "" where there is none."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return "it is not well-formed"
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        return "<!ENTITY>"
    for node in root.getroottree().xpath("//processing-instruction() | //node()[not(self::*)][not(self::text())]"):
        if not isinstance(node, etree._Comment):
            return "<?…?>" if isinstance(node, etree._ProcessingInstruction) else "&…;"
    if etree.QName(root).localname != "svg":
        return f"<{etree.QName(root).localname}>"
    found: list[str] = [what for element in root.iter(etree.Element) if (what := _strange(element))]
    return found[0] if found else ""


def _strange(element: _Element) -> str:
    from lxml import etree

    name = etree.QName(element)
    if name.namespace in _NOTES:
        return ""
    if name.namespace not in (_SVG, None) or name.localname not in _KNOWN[0]:
        return f"<{name.localname}>"
    if name.localname == "style" and _FETCHED.search(element.text or ""):
        return "<style>"
    for key, text in ((str(key), str(value)) for key, value in element.attrib.items()):
        attribute = etree.QName(key)
        if attribute.namespace in _NOTES:
            continue
        known = attribute.localname in _KNOWN[1] or attribute.localname.startswith("data-")
        if attribute.namespace == _XLINK:
            known = attribute.localname in ("href", "type", "title", "role", "show", "actuate")
        elif attribute.namespace not in (None, _XML):
            known = False
        if not known or (attribute.localname == "href" and not _INSIDE.match(text)) or _FETCHED.search(text):
            return str(attribute.localname)
    return ""
