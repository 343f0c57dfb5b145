"""The colours and lines of the pictures: told apart by all eyes, on grey paper, and readable."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from colorspacious import cspace_convert
from whyllm.engine.graph.elements import EdgeKind, NodeKind, State
from whyllm.engine.render.graph_css import style_sheet
from whyllm.engine.render.graph_style import (
    ARROWS,
    DARK,
    LIGHT,
    LINES,
    SHAPES,
    Palette,
    style_of_edge,
    style_of_node,
)

PALETTES = {"light": LIGHT, "dark": DARK}
RUN = (
    State.PLAIN, State.TAKEN, State.SHORTLISTED, State.KEPT, State.EXCLUDED, State.UNDECIDED,
)  # fmt: skip
COMPARISON = (State.PLAIN, State.ADDED, State.REMOVED, State.CHANGED)
LEAST_DIFFERENCE = 20
VISIONS = {
    "normal": {"name": "sRGB1"},
    **{
        name: {"name": "sRGB1+CVD", "cvd_type": kind, "severity": 100}
        for name, kind in (
            ("deuteranopia", "deuteranomaly"),
            ("protanopia", "protanomaly"),
            ("tritanopia", "tritanomaly"),
        )
    },
}


def channels(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def difference(one: str, other: str, vision: str) -> float:
    seen = [
        cspace_convert(
            np.clip(cspace_convert(channels(colour), VISIONS[vision], "sRGB1"), 0, 1),
            "sRGB1",
            "CAM02-UCS",
        )
        for colour in (one, other)
    ]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("group", [RUN, COMPARISON], ids=["run", "comparison"])
@pytest.mark.parametrize("palette", PALETTES)
def test_line_colours_of_states_that_meet_are_told_apart_by_all_eyes(
    palette: str, group: tuple[State, ...], vision: str
) -> None:
    lines = PALETTES[palette].lines
    close = {
        pair: round(difference(lines[pair[0]], lines[pair[1]], vision), 1)
        for pair in combinations(group, 2)
    }
    assert {pair: by for pair, by in close.items() if by < LEAST_DIFFERENCE} == {}


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_text_and_lines_stand_out_from_what_lies_behind_them(palette: Palette) -> None:
    for behind in (palette.page, *palette.fills.values()):
        assert contrast(palette.text, behind) >= 4.5
        for line in (palette.focus, *palette.lines.values()):
            assert contrast(line, behind) >= 3


def test_the_formula_of_contrast_knows_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_kind_and_state_has_a_look_of_its_own_without_colour() -> None:
    assert set(SHAPES) == set(NodeKind)
    assert set(LINES) == set(State)
    assert set(ARROWS) == set(EdgeKind)
    assert len({(shape.outline, shape.style) for shape in SHAPES.values()}) == len(NodeKind)
    assert len({(line.style, line.width, line.outlines) for line in LINES.values()}) == len(State)
    assert len(set(ARROWS.values())) == len(EdgeKind)
    words = [line.word for state, line in LINES.items() if state not in (State.PLAIN, State.TAKEN)]
    assert "" not in words
    assert len(set(words)) == len(words)


def test_a_style_is_text_for_every_kind_and_state() -> None:
    for state in State:
        styles = [style_of_node(kind, state) for kind in NodeKind]
        styles += [style_of_edge(kind, state) for kind in EdgeKind]
        assert all(isinstance(value, str) and value for style in styles for value in style.values())


def test_the_style_sheet_has_light_dark_and_paper_and_reads_nothing_from_elsewhere() -> None:
    sheet = style_sheet()
    assert "@media (prefers-color-scheme: dark)" in sheet
    assert "@media print" in sheet
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert sheet.count("{") == sheet.count("}")
    for palette in (LIGHT, DARK):
        assert all(colour in sheet for colour in (*palette.lines.values(), *palette.fills.values()))
