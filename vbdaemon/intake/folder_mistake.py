"""Where a mistake of ours happened, in words that hold nothing of a document."""

import traceback


def place_of(error: BaseException) -> dict[str, object]:
    """Type, function and line of the innermost call: no message and no locals, which can hold file names."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "unknown"
    return {"error": type(error).__name__, "where": where}
