"""The command line: one thin module a command group, imported only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec

from tminus import __version__
from tminus.cli.failing import fail, told

GROUPS: dict[str, tuple[str, str]] = {
    "schedule": ("tminus.cli.schedule", "Back-schedule a plan file from opening day."),
    "forecast": ("tminus.cli.forecast", "Passenger flows: months, a day and minutes ahead."),
    "transport": ("tminus.cli.transport", "Station inflow, headways, shuttles and supply for a forecast."),
    "evacuate": ("tminus.cli.evacuate", "How everybody gets out earliest, proved and simulated again."),
    "simulate": ("tminus.cli.simulate", "Simulate the day of a scenario: walking, queues, vehicles."),
    "verify": ("tminus.cli.verify", "Rerun the published tests of an engine."),
    "routes": ("tminus.cli.routes", "Gate and one-way plans for a crowd, proved and checked."),
    "validate": ("tminus.cli.validate", "Check an event folder against its schema."),
    "demo": ("tminus.cli.demo", "The demonstration event and its console."),
    "init": ("tminus.cli.init", "Make the home of a real installation."),
    "serve": ("tminus.cli.serve", "Run the console, its jobs and its clock."),
    "import": ("tminus.cli.importing", "Import an event folder into this installation."),
    "export": ("tminus.cli.exporting", "Export an event of this installation as an event folder."),
    "backup": ("tminus.cli.backup", "Write a consistent copy of an installation, also while it serves."),
    "restore": ("tminus.cli.restore", "Restore an installation from a backup."),
    "record": ("tminus.cli.record", "Verify the record of acts."),
    "show": ("tminus.cli.show", "Ask any query of any desk."),
    "act": ("tminus.cli.act", "Carry out any act of any desk."),
}
"""Command → module that defines ``app`` (a Typer), and what it does in one line."""


HELP = "Readiness and operations for a host city's great event."


def main(arguments: list[str] | None = None) -> None:
    """Run a command; a user's mistake ends with one line on standard error and exit code 2."""
    arguments = sys.argv[1:] if arguments is None else arguments
    name = arguments[0] if arguments else "--help"
    if name in ("-h", "--help"):
        sys.stdout.write(overview())
    elif name == "--version":
        sys.stdout.write(f"tminus {__version__}\n")
    elif name in available():
        with told():
            _run(name, arguments[1:])
    else:
        fail(f"no command {name!r}; allowed: {', '.join(available())}")


def _run(name: str, arguments: list[str]) -> None:
    """Not in Typer's own mode, which frames a usage mistake over many lines."""
    from typer.exceptions import TyperException

    try:
        code = import_module(GROUPS[name][0]).app(arguments, prog_name=f"tminus {name}", standalone_mode=False)
    except TyperException as error:
        fail(f"{name}: {error.format_message().strip() or 'a command is needed; see --help'}")
    if isinstance(code, int) and code:
        raise SystemExit(code)


def available() -> list[str]:
    return [name for name, (module, _) in GROUPS.items() if find_spec(module) is not None]


def overview() -> str:
    """The text of ``tminus --help``."""
    commands = available()
    width = max(len(name) for name in commands)
    lines = [f"  {name:<{width}}  {GROUPS[name][1]}" for name in commands]
    usage = "Usage: tminus COMMAND [OPTIONS] [ARGUMENTS]    (tminus COMMAND --help says more)"
    return "\n".join([usage, "", HELP, "", "Commands:", *lines, ""])
