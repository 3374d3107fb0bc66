"""The JSON Schema of scenario files, for editors that complete and check.

``python -m kesos_sim.scenario.schema FOLDER`` writes ``scenario.schema.json`` into a folder.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from kesos_sim.scenario.format import FORMAT, WORLD_KEYS
from kesos_sim.scenario.places import definitions

FILE_NAME: Final = "scenario.schema.json"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of one scenario file.

    Returns
    -------
    dict
        Draft 2020-12. What several parts must satisfy together is left to `load_scenario`.
    """
    schema = FORMAT.schema()
    defined = definitions()
    in_force = schema["properties"]["anchor"]["properties"]
    for name in ("levers", "programmes"):
        whole = schema["properties"][name]
        description = whole.pop("description")
        reference = {"$ref": f"#/$defs/{name}"}
        defined[name] = whole
        schema["properties"][name] = {"description": description, **reference}
        in_force[name] = {"description": in_force[name]["description"], **reference}
    complete = {"anyOf": [{"required": ["extends"]}, {"required": list(WORLD_KEYS)}]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kesos-sim: skenario / scenario",
        **schema,
        **complete,
        "$defs": defined,
    }


def schema_text() -> str:
    """Return the JSON Schema as it stands in the file beside the scenarios.

    Returns
    -------
    str
        Indented JSON with a line break at the end.
    """
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the schema into a folder.

    Parameters
    ----------
    arguments : sequence of str, optional
        The folder; words of the command line when left out.
    """
    folder = (sys.argv[1:] if arguments is None else list(arguments))[0]
    (Path(folder) / FILE_NAME).write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
