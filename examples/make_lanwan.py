"""Writes the Lanwan demonstration event: `python examples/make_lanwan.py [FOLDER]`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from examples.lanwan.folder import write_event  # noqa: E402  (needs the path above when run as a script)

if __name__ == "__main__":
    write_event(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "lanwan-expo")
