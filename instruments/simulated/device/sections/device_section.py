"""What every nested section of a device file has in common."""

from pydantic import BaseModel, ConfigDict

__all__ = ["DeviceSection"]


class DeviceSection(BaseModel):
    """A group of parameters: unchangeable, without unknown keys, without infinities; sentences under the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)
