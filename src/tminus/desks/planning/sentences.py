"""What the record's lines of the planning desk say."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "planning.area.remove": _("%(who)s took away the area %(code)s"),
    "planning.area.set": _("%(who)s set up the area %(code)s"),
    "planning.calendar.remove": _("%(who)s took away the working calendar %(code)s"),
    "planning.calendar.set": _("%(who)s set up the working calendar %(code)s"),
    "planning.checkpoint.automatic": _("%(who)s said whether the clock freezes checkpoints"),
    "planning.checkpoint.freeze": _("%(who)s froze the checkpoint %(checkpoint)s"),
    "planning.checkpoint.freeze_ended": _("The checkpoint's day ended: it was frozen as it stood"),
    "planning.cells.change": _("%(who)s changed cells of the book"),
    "planning.import.apply": _("%(who)s imported a plan"),
    "planning.import.map": _("%(who)s said which column is what"),
    "planning.import.read": _("%(who)s read a plan file"),
    "planning.import.started": _("%(who)s started the import of a plan"),
    "planning.task.done": _("The task is done: its duty was accepted"),
    "planning.task.imported": _("%(who)s changed the task by an import"),
    "planning.task.leaf_again": _("The task stands alone again: nothing is under it"),
    "planning.link": _("%(who)s changed what a task waits for"),
    "planning.new_day": _("A new day: forecasts and statuses were computed anew"),
    "planning.place.remove": _("%(who)s took away the place %(code)s"),
    "planning.place.set": _("%(who)s set up the place %(code)s"),
    "planning.publish": _("%(who)s published the plan"),
    "planning.reschedule": _("%(who)s re-scheduled the plan"),
    "planning.task.assign": _("%(who)s named who answers for the task"),
    "planning.task.break_down": _("%(who)s broke the task down"),
    "planning.task.change": _("%(who)s changed the task"),
    "planning.task.comment": _("%(who)s commented on the task"),
    "planning.task.create": _("%(who)s added the task"),
    "planning.task.move": _("%(who)s moved the task"),
    "planning.task.remove": _("%(who)s removed the task"),
    "planning.task.report": _("%(who)s reported progress of the task"),
    "planning.timetable.move": _("%(who)s moved bars in the timetable"),
    "planning.undo": _("%(who)s undid their last step"),
    "planning.unlink": _("%(who)s took away what a task waited for"),
}
