"""Primavera's exchange formats, XER and P6 XML, read and written."""

from tminus.formats.primavera.xer import read_xer

__all__ = ["read_xer"]
