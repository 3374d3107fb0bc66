"""Writing a scenario as a file that reads back as the same scenario."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from kesos_sim.scenario.scenario import Scenario

SCHEMA_LINE: Final = "# yaml-language-server: $schema=./scenario.schema.json"
_PLAIN: Final = re.compile(r"[a-z][a-z0-9_-]*|[0-9]{4}-[0-9]{2}", re.ASCII)


def dump_scenario(scenario: Scenario) -> str:
    """Return a scenario as one complete YAML file, without anything it extends.

    Parameters
    ----------
    scenario : Scenario
        What to write.

    Returns
    -------
    str
        YAML text that `load_scenario` reads as an equal scenario.
    """
    body = yaml.dump(
        scenario.document(),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=100,
    )
    return f"{SCHEMA_LINE}\n{body}"


class _Dumper(yaml.SafeDumper):
    """A dumper that quotes every text which is not a plain word, and never makes aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write equal values twice instead of an alias."""
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None if _PLAIN.fullmatch(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
