"""Imports WeasyPrint without fontTools, which takes a third of the time and is never used.

WeasyPrint 70 needs fontTools to unpack web fonts, for emoji and for variable fonts, and where
HarfBuzz's own subsetter is not installed. The report's fonts are none of these.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

UNUSED = (
    "fontTools",
    "fontTools.subset",
    "fontTools.ttLib",
    "fontTools.ttLib.woff2",
    "fontTools.varLib",
    "fontTools.varLib.instancer",
)


class _Placeholder(ModuleType):
    """Holds whatever is asked for while WeasyPrint is imported; using it is an error."""

    def __getattr__(self, name: str) -> type[Exception]:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {})


def import_weasyprint() -> None:
    """Import WeasyPrint, without fontTools if it can do without."""
    if "weasyprint" in sys.modules or "fontTools" in sys.modules:
        return
    sys.modules.update((name, _Placeholder(name)) for name in UNUSED)
    try:
        subsetter = importlib.import_module("weasyprint.text.ffi").harfbuzz_subset
        importlib.import_module("weasyprint")
    finally:
        for name in UNUSED:
            del sys.modules[name]
    if not subsetter:
        _forget_weasyprint()


def _forget_weasyprint() -> None:
    """The next import is a whole one."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        del sys.modules[name]
