"""Papers: what is printed or sent as PDF, set by typst, without any system library."""

from tminus.platform.papers.typeset import PaperFault, typeset

__all__ = ["PaperFault", "typeset"]
