"""Rules and licences can be read at addresses, as the commands show them."""

from __future__ import annotations

import pytest
from mcp.shared.exceptions import MCPError
from mcp_types import ResourceTemplateReference

from tests.cli.mcp.conftest import Asking
from tests.cli.runner import Command


def test_what_can_be_read_is_listed(assistant: Asking) -> None:
    listed = assistant.list_resources().resources
    assert [resource.uri for resource in listed] == ["whyllm://rules", "whyllm://licences"]
    templates = assistant.list_resource_templates().resource_templates
    assert [template.uri_template for template in templates] == [
        "whyllm://rules/{id}",
        "whyllm://licences/{id}",
    ]


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("whyllm://rules", ("rules", "list")),
        ("whyllm://rules/LIC-020", ("rules", "show", "LIC-020")),
        ("whyllm://licences", ("licence", "list")),
        ("whyllm://licences/Apache-2.0", ("licence", "show", "Apache-2.0")),
    ],
)
def test_an_address_holds_what_the_command_shows(
    assistant: Asking, whyllm: Command, uri: str, words: tuple[str, ...]
) -> None:
    (content,) = assistant.read_resource(uri).contents
    assert (content.uri, content.mime_type) == (uri, "application/json")
    assert content.text == whyllm(*words, "--format", "json").out


@pytest.mark.parametrize(
    ("uri", "usual"),
    [
        ("whyllm://rules/lic-020", "whyllm://rules/LIC-020"),
        ("whyllm://licences/Apache%2D2.0", "whyllm://licences/Apache-2.0"),
        ("whyllm://licences/llama3.1", "whyllm://licences/LicenseRef-Llama-3.1-Community"),
    ],
)
def test_an_id_may_be_written_otherwise(assistant: Asking, uri: str, usual: str) -> None:
    (content,) = assistant.read_resource(uri).contents
    (expected,) = assistant.read_resource(usual).contents
    assert content.text == expected.text


@pytest.mark.parametrize(
    ("uri", "line"),
    [
        ("whyllm://rules/LIC-20", "no rule 'LIC-20'; did you mean LIC-020"),
        ("whyllm://licences/apache2", "unknown licence 'apache2'; did you mean "),
        ("whyllm://licences/", "unknown licence ''"),
        ("whyllm://models", "no resource 'whyllm://models'; expected one of whyllm://rules, "),
        ("file:///etc/passwd", "no resource 'file:///etc/passwd'"),
        ("whyllm://licences/../../etc/passwd", "unknown licence '../../etc/passwd'"),
    ],
)
def test_an_address_that_leads_nowhere_is_an_error_of_the_protocol(
    assistant: Asking, uri: str, line: str
) -> None:
    with pytest.raises(MCPError) as refused:
        assistant.read_resource(uri)
    assert refused.value.code == -32602
    assert refused.value.message.startswith(line)
    assert refused.value.data == {"uri": uri}


@pytest.mark.parametrize(
    ("template", "begun", "first", "total"),
    [
        ("whyllm://rules/{id}", "lic-02", "LIC-020", 1),
        ("whyllm://licences/{id}", "apache", "Apache-2.0", 3),
        ("whyllm://licences/{id}", "2.0", "Apache-2.0", None),
        ("whyllm://licences/{id}", "nothing alike", None, 0),
        ("whyllm://elsewhere/{id}", "", None, 0),
    ],
)
def test_an_id_is_completed(
    assistant: Asking, template: str, begun: str, first: str | None, total: int | None
) -> None:
    ref = ResourceTemplateReference(uri=template)
    found = assistant.complete(ref, {"name": "id", "value": begun}).completion
    assert (found.values or [None])[0] == first
    assert total is None or found.total == total == len(found.values)


def test_completion_holds_a_hundred_at_most(assistant: Asking) -> None:
    ref = ResourceTemplateReference(uri="whyllm://rules/{id}")
    found = assistant.complete(ref, {"name": "id", "value": ""}).completion
    assert len(found.values) == min(found.total, 100)
    assert found.has_more == (found.total > 100)
