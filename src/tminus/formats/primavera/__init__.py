"""Primavera's exchange formats, XER and P6 XML, read and written."""

from tminus.formats.primavera.pmxml import read_pmxml
from tminus.formats.primavera.pmxml_writer import pmxml_bytes
from tminus.formats.primavera.xer import read_xer
from tminus.formats.primavera.xer_writer import xer_bytes

__all__ = ["pmxml_bytes", "read_pmxml", "read_xer", "xer_bytes"]
