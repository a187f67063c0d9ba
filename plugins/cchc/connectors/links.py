"""Connections to sources that one sender's intake keeps from a source to the next: who sends fifteen feeds from one server logs in once."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from types import TracebackType
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Links:
    """What is open by key, and an event loop for what needs one; everything is closed at the end of the `with`. Of one thread."""

    def __init__(self) -> None:
        self._open: dict[Hashable, object] = {}
        self._stack = ExitStack()
        self._runner: asyncio.Runner | None = None

    def __enter__(self) -> "Links":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    def kept(self, key: Hashable, connect: Callable[[ExitStack], T]) -> T:
        """What is open under `key`, or else what `connect` opens; `connect` tells the stack how it is closed.

        The key holds everything that decides who answers: the declared name and login, never only an address.
        """
        if key not in self._open:
            self._open[key] = connect(self._stack)
        return cast(T, self._open[key])

    def forget(self, key: Hashable) -> None:
        """Let the next one open anew: what is there has broken."""
        self._open.pop(key, None)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._open

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work` on this intake's own loop, where its connections live."""
        if self._runner is None:
            self._runner = self._stack.enter_context(asyncio.Runner())
        return self._runner.run(work)


def shared(links: Links | None) -> AbstractContextManager[Links]:
    """The links that are given, left open; without any, fresh ones that end with the block."""
    return nullcontext(links) if links is not None else Links()
