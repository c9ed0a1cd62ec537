"""The previous site, the only state of a build (DESIGN 5)."""

from collections.abc import Callable

Previous = Callable[[str], bytes | None]
"""Returns what the previous site has at a URL path that is no page's, None when nothing."""
