"""Altair, imported in a fifth of the usual time where JupyterLab is installed."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any

_SLOW = {"rfc3987_syntax": "is_valid_syntax", "rfc3986_validator": "validate_rfc3986"}
"""Libraries that build grammars for web addresses when they are imported, and the one function jsonschema takes
from each."""


def load_altair() -> ModuleType:
    """Imports Altair and returns it. Raises ModuleNotFoundError without the extra ``charts``.

    Altair imports jsonschema, and jsonschema builds grammars that check web addresses, if it finds the libraries for
    them (JupyterLab brings them): four fifths of the time, for something that no chart holds. Here these libraries
    are loaded when one of their checks is first called. ``sys.modules`` holds nothing of this afterwards.
    """
    stand_ins = {
        name: _stand_in(name, function)
        for name, function in _SLOW.items()
        if name not in sys.modules and importlib.util.find_spec(name)
    }
    sys.modules.update(stand_ins)
    try:
        return importlib.import_module("altair")
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def _stand_in(name: str, function: str) -> ModuleType:
    """A module with one function, which imports the real module when it is called."""
    module = ModuleType(name)

    def call(*arguments: Any, **options: Any) -> Any:
        return getattr(importlib.import_module(name), function)(*arguments, **options)

    setattr(module, function, call)
    return module
