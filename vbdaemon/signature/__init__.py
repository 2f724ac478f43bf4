"""Digital signatures: trust, verification, signing; the only room that knows pyHanko."""
