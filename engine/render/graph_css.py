"""The style sheet inside an SVG picture of a decision graph: light, dark, and grey on paper."""

from __future__ import annotations

from whyllm.engine.render.graph_style import ARROWS, DARK, DASHES, LIGHT, LINES, SHAPES, Palette

PICTURE = "decision-graph"
"""The class of the picture; all rules are bound to it, so that none leaks into a page around it."""


def class_name(kind: str, prefix: str) -> str:
    """The CSS class of a kind or a state."""
    return f"{prefix}-{kind.replace(' ', '-')}"


def style_sheet() -> str:
    """The whole sheet. Colours are custom properties, so that a scheme replaces only these."""
    return "\n".join(
        (
            f".{PICTURE} {{ {_colours(LIGHT)} max-width: 100%; height: auto; }}",
            f"@media (prefers-color-scheme: dark) {{ .{PICTURE} {{ {_colours(DARK)} }} }}",
            f"@media print {{ .{PICTURE} {{ {_colours(_paper())} }} }}",
            *(f".{PICTURE} {rule}" for rule in (*_COMMON, *_states(), *_kinds())),
        )
    )


_COMMON = (
    ".page { fill: var(--page); }",
    "text { fill: var(--text); stroke: none; text-anchor: middle; "
    "font-family: Helvetica, Arial, sans-serif; white-space: pre; }",
    ".node text { font-size: 11px; }",
    # The halo keeps a label readable where a line passes behind it.
    ".edge text { font-size: 9px; stroke: var(--page); stroke-width: 3px; paint-order: stroke; "
    "stroke-linejoin: round; }",
    ".edge.step text { text-anchor: end; }",
    ".shape { fill: var(--fill); stroke: var(--line); stroke-width: var(--width); "
    "stroke-dasharray: var(--dashes); }",
    ".open { fill: none; }",
    ".edge .shape { fill: none; stroke-width: max(1px, var(--width) * 0.8); }",
    ".edge .head { fill: var(--line); stroke: var(--line); stroke-width: 1px; }",
    ".edge .hollow { fill: var(--page); stroke: var(--line); stroke-width: 1px; }",
    "a { cursor: pointer; text-decoration: none; }",
    "a:hover .shape { stroke: var(--focus); }",
    "a:focus { outline: 3px solid var(--focus); outline-offset: 3px; }",
    "a:focus .shape { stroke: var(--focus); stroke-dasharray: none; }",
    "a:focus:not(:focus-visible) { outline: none; }",
)


def _colours(palette: Palette) -> str:
    named = {"page": palette.page, "text": palette.text, "focus": palette.focus}
    named |= {f"fill-{name}": colour for name, colour in palette.fills.items()}
    named |= {f"line-{state}": colour for state, colour in palette.lines.items()}
    return " ".join(f"--{name}: {colour};" for name, colour in named.items())


def _paper() -> Palette:
    """Black on white: on paper the shapes, lines and words tell everything."""
    return Palette(
        page="#ffffff",
        text="#000000",
        focus="#000000",
        fills=dict.fromkeys(LIGHT.fills, "#ffffff"),
        lines=dict.fromkeys(LIGHT.lines, "#333333"),
    )


def _states() -> list[str]:
    return [
        f".{class_name(state, 'state')} {{ --line: var(--line-{state}); "
        f"--width: {line.width:g}px; --dashes: {DASHES.get(line.style, 'none')}; }}"
        for state, line in LINES.items()
    ]


def _kinds() -> list[str]:
    nodes = [
        f".node.{class_name(kind, 'kind')} {{ --fill: var(--fill-{shape.fill}); }}"
        for kind, shape in SHAPES.items()
    ]
    edges = [
        f".edge.{class_name(kind, 'kind')} {{ --dashes: {DASHES.get(arrow.style, 'none')}; }}"
        for kind, arrow in ARROWS.items()
    ]
    return nodes + edges
