"""What is said of a library that only an extra brings, when it is not there."""

from __future__ import annotations

import sys
import types

import pytest
from whyllm.kb.extras import MissingLibraryError, from_extra


def test_a_missing_library_is_named_with_the_place_and_what_to_install() -> None:
    with pytest.raises(MissingLibraryError) as fault, from_extra("web", "serve"):
        import no_such_library.inner  # noqa: F401
    assert str(fault.value) == "serve: needs the library no_such_library: pip install 'whyllm[web]'"


def test_the_sentence_alone_has_no_place() -> None:
    with pytest.raises(MissingLibraryError) as fault, from_extra("machines"):
        import no_such_library  # noqa: F401
    sentence = "needs the library no_such_library: pip install 'whyllm[machines]'"
    assert (fault.value.sentence, str(fault.value)) == (sentence, sentence)


def test_a_library_too_old_for_what_is_wanted_of_it_is_missing_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "old_library", types.ModuleType("old_library"))
    with pytest.raises(MissingLibraryError) as fault, from_extra("draft"):
        from old_library import brought_later  # noqa: F401
    assert fault.value.library == "old_library"


def test_a_module_of_our_own_that_is_missing_is_a_fault_of_the_program() -> None:
    with pytest.raises(ModuleNotFoundError) as fault, from_extra("web", "serve"):
        import whyllm.kb.never_written  # noqa: F401
    assert fault.value.name == "whyllm.kb.never_written"


def test_what_is_installed_is_imported() -> None:
    with from_extra("web", "serve"):
        import json
    assert json.loads("1") == 1
