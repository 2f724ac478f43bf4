"""The bytes between DATA and the final dot, as they come in packets (RFC 5321 §4.1.1.4, §4.5.2)."""

from typing import Final

END: Final = b"\r\n.\r\n"
_BEGINNINGS: Final = tuple(END[:length] for length in range(len(END) - 1, 0, -1))


class DataStream:
    """Removes the first dot of each line and finds the end; works on whole packets, never line by line.

    Only CR LF . CR LF ends a message, wherever packets are cut; a bare LF or CR is content like any other byte.
    """

    def __init__(self) -> None:
        self._held = b"\r\n"  # the line end of the command DATA counts as the one before the first line
        self._skip = len(self._held)

    def feed(self, packet: bytes) -> tuple[bytes, bytes | None]:
        """Content that is certain by now, and what came after the end; None while the end has not come."""
        buffer = self._held + packet if self._held else packet
        dotted = b"." in buffer and b"\r\n." in buffer  # the first question alone is answered ten times faster
        end = buffer.find(END) if dotted else -1
        if end >= 0:
            return self._content(buffer[: end + 2]), buffer[end + len(END) :]
        self._held = next((some for some in _BEGINNINGS if buffer.endswith(some)), b"")
        return self._content(buffer[: len(buffer) - len(self._held)], dotted=dotted), None

    def _content(self, lines: bytes, *, dotted: bool = True) -> bytes:
        content = lines.replace(b"\r\n.", b"\r\n") if dotted else lines
        if self._skip and content:
            content, self._skip = content[self._skip :], 0
        return content
