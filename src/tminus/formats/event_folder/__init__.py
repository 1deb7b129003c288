"""The event folder: one event as plain files, checked against a versioned schema."""

from tminus.formats.event_folder.causes import FolderCause
from tminus.formats.event_folder.folder import EventFolder, read_folder, read_folder_plan, write_folder
from tminus.formats.event_folder.schema import SCHEMA_VERSION

__all__ = ["SCHEMA_VERSION", "EventFolder", "FolderCause", "read_folder", "read_folder_plan", "write_folder"]
