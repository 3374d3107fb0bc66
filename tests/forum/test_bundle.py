"""Modules of a page are joined in order, and what cannot be joined is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kesos_sim.forum
from kesos_sim.forum.bundle import BundleError, bundle, stylesheet


def folder(tmp_path: Path, **modules: str) -> Path:
    for name, text in modules.items():
        place = tmp_path.joinpath(*name.split("__")).with_suffix(".js")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_module_comes_after_what_it_imports(tmp_path: Path) -> None:
    root = folder(
        tmp_path,
        entry='import { two } from "./deep/two.js";\nexport default { two };\n',
        deep__two='import {\n  one,\n  add,\n} from "../one.js";\nexport const two = add(one);\n',
        one="// remark\n/** Words. */\nexport const one = 1;\nexport function add() {}\nlet own;\n",
    )
    joined = bundle("entry.js", root)
    assert joined.index("const one = 1") < joined.index("const two") < joined.index("default")
    assert "import" not in joined
    assert joined.count("export") == 1
    assert "remark" not in joined
    assert "Words" not in joined


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        ({"entry": 'import { a } from "./gone.js";\n'}, "there is no gone.js"),
        ({"entry": 'import { a } from "../../x.js";\n'}, "there is no"),
        ({"entry": 'import { a } from "./b.js";\n', "b": "const a = 1;\n"}, "not given by b.js"),
        (
            {"entry": 'import { a } from "./b.js";\nlet c;\n', "b": "export let a;\nlet c;\n"},
            "c is declared in b.js and in entry.js",
        ),
        (
            {"entry": 'import { b } from "./b.js";\nexport const a = 1;\n',
             "b": 'import { a } from "./entry.js";\nexport const b = 1;\n'},
            "circle",
        ),
        ({"entry": 'import { a as b } from "./b.js";\n', "b": "export const a = 1;\n"}, "renames"),
        ({"entry": 'import * as b from "./b.js";\n', "b": ""}, "cannot be joined"),
        ({"entry": 'import b from "./b.js";\n', "b": ""}, "cannot be joined"),
        ({"entry": "const { a, b } = c;\n"}, "cannot be joined"),
        ({"entry": "export { a };\n"}, "cannot be joined"),
        (
            {"entry": 'import { a } from "./b.js";\n', "b": "export let a;\nexport default a;\n"},
            "default",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_is_refused(
    tmp_path: Path, modules: dict[str, str], said: str
) -> None:
    with pytest.raises(BundleError, match=said):
        bundle("entry.js", folder(tmp_path, **modules))


@pytest.mark.parametrize("names", [(), ("base.css", "room/room.css")], ids=["attendee", "room"])
def test_every_property_that_a_style_sheet_asks_for_is_set_somewhere(
    names: tuple[str, ...],
) -> None:
    """A colour that nobody sets is drawn black."""
    look = stylesheet(*names)
    page = Path(kesos_sim.forum.__file__).parent / "page"
    scripts = "".join(one.read_text(encoding="utf-8") for one in page.rglob("*.js"))
    given = set(re.findall(r"(--[\w-]+)[:\"]", look + scripts))
    assert set(re.findall(r"var\((--[\w-]+)\)", look)) <= given
