"""YAML as people mean it: duplicate keys refused, and `no`, `010`, `12:30` are the text they look like."""

import re
from pathlib import Path
from typing import Any

import yaml

from cchc.errors import ConfigError


class _Loader(yaml.CSafeLoader):
    """Only null, true/false, plain integers and decimals are resolved; everything else stays text."""

    yaml_implicit_resolvers: dict = {}  # noqa: RUF012  (PyYAML's own name; a ClassVar would not override it)


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9]\d*)$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^-?(?:0|[1-9]\d*)\.\d+$"), list("-0123456789"))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict:
    seen: set = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise ConfigError(f"line {key_node.start_mark.line + 1}: the key {key!r} stands twice; keep one")
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises ConfigError naming file and line."""
    try:
        with open(path, encoding="utf-8") as file:
            return yaml.load(file, Loader=_Loader)  # noqa: S506  (_Loader is a safe loader)
    except ConfigError as error:
        raise ConfigError(f"{path.name}: {error}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name}: {error}") from error
