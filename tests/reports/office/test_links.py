"""Addresses as codes to scan."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from kesos_sim.reports.office.links import link_picture

ADDRESS = "http://192.168.1.20:8866/#paket=W3siYXBi"


def test_a_code_is_square_black_on_white_with_a_margin() -> None:
    picture = Image.open(io.BytesIO(link_picture(ADDRESS, "png"))).convert("L")
    assert picture.width == picture.height
    assert {picture.getpixel((0, at)) for at in range(picture.height)} == {255}
    assert {value for _, value in picture.getcolors() or ()} == {0, 255}


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_same_address_gives_the_same_picture(kind: str) -> None:
    first = link_picture(ADDRESS, kind)  # type: ignore[arg-type]
    assert first == link_picture(ADDRESS, kind)  # type: ignore[arg-type]
    assert first != link_picture(ADDRESS + "Q", kind)  # type: ignore[arg-type]
