"""What every table of the settings has in common."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of the settings: frozen, and unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
