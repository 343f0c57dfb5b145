"""What only an extra brings is imported where its want is told, and nowhere else."""

from __future__ import annotations

from tests.extras.environments import CORE, brought_by, called_for, carries, extras
from tests.extras.imports import library, modules, ours


def beyond_the_core(name: str) -> bool:
    """Whether a name that is imported is of a library, or of a module, that the core lacks."""
    return any(
        not brought_by().get(top, frozenset()) & called_for(CORE) for top in library(name)
    ) or any(not carries(CORE, module) for module in ours(name))


def test_what_the_core_lacks_is_asked_of_an_extra() -> None:
    """A module of the core loads nothing else, and asks for it by `from_extra` before all use."""
    for module in modules().values():
        asked = {block.extra for block in module.blocks}
        for item in module.imports if carries(CORE, module.name) else ():
            if beyond_the_core(item.name):
                assert not item.on_loading, (module.name, item)
                for top in library(item.name):
                    brought = brought_by().get(top, frozenset())
                    assert any(brought & called_for(extra) for extra in asked), (module.name, item)
                assert item.extra or not any(ours(item.name)), (module.name, item)


def test_only_extras_that_there_are_are_named() -> None:
    named = {block.extra for module in modules().values() for block in module.blocks}
    assert named
    assert named <= set(extras())


def test_what_the_core_cannot_load_is_loaded_by_whoever_asks_for_it() -> None:
    """So a command, which is loaded by its name, is one that the core can load."""
    reached = {
        name
        for module in modules().values()
        for item in module.imports
        if item.extra or not carries(CORE, module.name)
        for name in ours(item.name)
    }
    assert {name for name in modules() if not carries(CORE, name)} <= reached
