"""The optimiser without the rest of the engine, so that a machine with NumPy, Numba and OR-Tools alone runs it.

Importing this module makes ``tminus.engines.schedule`` a bare folder of modules: its own ``__init__`` would import
calendars, and with them packages that no benchmark of resources needs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType

for name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

SOURCE = Path(__file__).resolve().parents[2] / "src"


def bare(name: str) -> None:
    """Make a package a folder of modules, its ``__init__`` unread."""
    package = ModuleType(name)
    package.__path__ = [str(SOURCE / name.replace(".", "/"))]
    sys.modules[name] = package


if "tminus" not in sys.modules:
    for package in ("tminus", "tminus.engines", "tminus.engines.schedule", "tminus.formats"):
        bare(package)
