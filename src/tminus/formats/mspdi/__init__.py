"""MS Project's XML exchange format (MSPDI), read and written without loss of what a plan holds."""

from tminus.formats.mspdi.reader import read_mspdi
from tminus.formats.mspdi.writer import mspdi_bytes

__all__ = ["mspdi_bytes", "read_mspdi"]
