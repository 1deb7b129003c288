"""How the desk's states and kinds are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

STATES = {
    "sending": _("sending"),
    "silent": _("silent"),
    "stuck": _("stuck: the same count again and again"),
    "still": _("sees nobody while others here do"),
    "totals": _("sends totals that grow, not counts; not believed"),
    "doubled": _("all its figures are even: likely everybody twice; not believed"),
    "double": _("sends the same time twice"),
    "reset": _("its meter began anew"),
    "ahead": _("its clock is ahead"),
    "never": _("never heard"),
    "retired": _("retired"),
}
SHORT = {
    "sending": _("sending"),
    "silent": _("silent"),
    "stuck": _("stuck"),
    "still": _("sees nobody"),
    "totals": _("sends totals"),
    "doubled": _("counts twice"),
    "double": _("double"),
    "reset": _("began anew"),
    "ahead": _("clock ahead"),
    "never": _("never heard"),
    "retired": _("retired"),
}
EVERY = [
    (10, _("10 seconds")),
    (60, _("1 minute")),
    (300, _("5 minutes")),
    (900, _("15 minutes")),
    (3600, _("1 hour")),
]
