"""Everything that is installed has a known licence that goes with Apache-2.0."""

from __future__ import annotations

from email.message import Message

import pytest

from tools.licences import COPYLEFT, UNKNOWN, licence_of, may_be_needed, packages, page


def test_every_direct_dependency_has_a_licence_that_goes_along() -> None:
    direct = [one for one in packages() if one.direct]
    assert {"numpy", "mesa", "sphinx", "psycopg"} <= {one.key for one in direct}
    assert not [f"{one.name}: {one.licence}" for one in direct if not one.compatible]


def test_what_they_need_goes_along_too_or_is_named_with_the_reason() -> None:
    others = {one.key: one for one in packages() if not one.compatible}
    assert others.keys() == COPYLEFT.keys()
    assert others["platypus-opt"].wanted_by == "ema-workbench"
    assert all(one.licence != UNKNOWN for one in packages())


@pytest.mark.parametrize(
    ("licence", "goes"),
    [
        ("MIT", True),
        ("BSD-3-Clause AND (Zlib OR GPL-3.0-only)", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("LGPL-3.0-only", True),
        ("GPL-3.0-or-later", False),
        ("MIT AND AGPL-3.0-only", False),
        ("unknown", False),
        ("Proprietary, ask us", False),
        ("", False),
    ],
)
def test_expressions_are_read(licence: str, goes: bool) -> None:
    assert may_be_needed(licence) is goes


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        ([("License-Expression", "MIT"), ("Classifier", "License :: Other")], "MIT"),
        ([("Classifier", "License :: OSI Approved :: BSD License")], "BSD"),
        (
            [("License", "BSD-3-Clause"), ("Classifier", "License :: OSI Approved :: BSD License")],
            "BSD-3-Clause",
        ),
        (
            [("Classifier", "License :: OSI Approved :: MIT License"),
             ("Classifier", "License :: OSI Approved :: GNU General Public License (GPL)")],
            "GNU General Public License (GPL) AND MIT",
        ),
        ([("License", "word " * 40)], UNKNOWN),
        ([("Classifier", "License :: OSI Approved")], UNKNOWN),
    ],
)  # fmt: skip
def test_metadata_are_read_and_nothing_is_overlooked(
    lines: list[tuple[str, str]], licence: str
) -> None:
    about = Message()
    about["Name"] = "something"
    for name, value in lines:
        about[name] = value
    assert licence_of(about) == licence


def test_the_page_lists_all_of_them() -> None:
    text = page()
    assert all(f"| {one.name} | {one.version} |" in text for one in packages())
