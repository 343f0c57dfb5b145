"""The first violation of CycloneDX's schema in a bill, by the schemas that the library carries."""

from __future__ import annotations

LONGEST = 240
"""How many characters of a violation are told; some repeat half the bill."""


def first_violation(data: bytes, version: str) -> tuple[int | None, str] | None:
    """Line, where known, and text of the first violation of a version's schema; none if valid.

    The data are JSON or XML that was parsed before and bears no document type.
    """
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonValidator
    from cyclonedx.validation.xml import XmlValidator

    schema = SchemaVersion.from_version(version)
    text = data.decode("utf-8-sig", "replace").lstrip()
    if text.startswith("<"):
        try:
            found = XmlValidator(schema).validate_str(text)
        except ValueError as error:  # of lxml: an encoding declared in a text
            return None, _short(str(error))
        return None if found is None else (getattr(found.data, "line", None), _short(str(found)))
    violation = JsonValidator(schema).validate_str(text)
    if violation is None:
        return None
    return None, _short(f"{violation.data.json_path}: {violation.data.message}")


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"
