"""The connection on which this room's functions run; other rooms pass it on, and send no SQL of their own."""

from sqlalchemy import Connection

__all__ = ["Connection"]
