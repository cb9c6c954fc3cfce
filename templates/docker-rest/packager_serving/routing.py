"""One path, one method, one handler."""

from __future__ import annotations

from typing import Callable, Dict, Iterable, NamedTuple

from .errors import RequestError
from .messages import Request, Response

Handler = Callable[[Request], Response]


class Route(NamedTuple):
    """A handler and where it answers."""

    method: str
    path: str
    handler: Handler


class Router:
    """Finds the handler; GET answers HEAD as well."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._handlers: Dict[str, Dict[str, Handler]] = {}
        for route in routes:
            methods = self._handlers.setdefault(route.path, {})
            methods[route.method] = route.handler
            if route.method == "GET":
                methods["HEAD"] = route.handler

    def handler(self, method: str, path: str) -> Handler:
        """The handler of a request; :class:`RequestError` 404 or 405 (with Allow) if there is none.

        Leading and trailing slashes may be doubled or left over: ODAHU's client calls ``//api/model/invoke``.
        """
        methods = self._handlers.get("/" + path.strip("/"))
        if methods is None:
            raise RequestError(404, f"not found: {path}")
        if method not in methods:
            allowed = ", ".join(sorted(methods))
            raise RequestError(405, f"{path} takes {allowed}, not {method}", Allow=allowed)
        return methods[method]
