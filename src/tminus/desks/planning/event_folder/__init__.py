"""A whole event between its plain files and the database, all or nothing."""

from tminus.desks.planning.event_folder.dump import folder_of
from tminus.desks.planning.event_folder.load import EventExists, Loaded, load_event

__all__ = ["EventExists", "Loaded", "folder_of", "load_event"]
