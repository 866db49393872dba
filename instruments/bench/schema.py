"""The JSON schema of a bench file, for editors."""

from typing import Any

from mtjlab.instruments.bench.file import DRIVERS, BenchFile

__all__ = ["bench_schema"]


def bench_schema() -> dict[str, Any]:
    """Describe a bench file as JSON schema, with the drivers that are installed here.

    Editors with taplo (Even Better TOML) check and complete a file whose first line is ``#:schema`` and the schema's
    path.

    Returns
    -------
    dict
        The schema, for `json.dump`.
    """
    schema = BenchFile.model_json_schema()
    for name in ("text", "source"):  # not keys of the file
        del schema["properties"][name]
    installed = DRIVERS.names()
    for section in schema["$defs"].values():
        driver = section["properties"].get("driver")
        if driver is not None:
            driver["anyOf"] = [{"enum": installed}, {"type": driver.pop("type")}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
