"""`[scoring]`: the quarterly score of heads of unit and of staff (552/UBND)."""

from pydantic import Field, field_validator

from vbdaemon.config.section import Section


class ScoringSection(Section):
    """`[scoring]`."""

    points: float = Field(default=1.0, gt=0)
    most_points: float | None = Field(default=None, gt=0)
    format_documents: int = Field(default=2, ge=0, le=100)
    sending_documents: int = Field(default=2, ge=0, le=100)
    from_quarter: str = Field(default="2020-Q2", pattern=r"^[0-9]{4}-Q[1-4]$")
    format_checker: str = "Phòng Nội vụ"
    sending_checker: str = "Văn phòng HĐND và UBND"
    results_to: str = "Phòng Nội vụ"
    paper_after_working_days: int = Field(default=1, ge=0, le=30)
    electronic_forms: tuple[str, ...] = ()

    @field_validator("electronic_forms")
    @classmethod
    def _slugs(cls, forms: tuple[str, ...]) -> tuple[str, ...]:
        """Names of forms are written as slugs, "cong-van": a form that no document has would never count."""
        for form in forms:
            if not form.isascii() or form != form.lower() or " " in form:
                raise ValueError(f'{form!r} is no form; write it as the lists do, such as "cong-van"')
        return forms
