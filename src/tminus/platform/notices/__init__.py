"""Notices: what people are told, in the console, by e-mail in digests and as a calendar feed."""

from tminus.platform.notices.tell import tell

__all__ = ["tell"]
