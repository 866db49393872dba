"""What every section of a bench file shares."""

import pydantic

__all__ = ["Section"]


class Section(pydantic.BaseModel):
    """A section of a bench file: no unknown keys, only finite numbers.

    The sentence under a key is its description in the JSON schema.
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)
