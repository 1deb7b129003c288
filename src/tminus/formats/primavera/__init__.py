"""Primavera's exchange formats, XER and P6 XML, read and written."""

from tminus.formats.primavera.pmxml import read_pmxml
from tminus.formats.primavera.xer import read_xer

__all__ = ["read_pmxml", "read_xer"]
