"""HTTP/1.1 over httptools, with limits on what uvicorn would wait for without end.

A head line that grows, a head or a body that never ends, an answer that nobody takes: each would
hold a connection for ever (A15 and A16 of the attacks). Here an unfinished head has bytes and
seconds, and so has the way from there to the end of the answer; a body that is refused unread ends
its connection. What a body may be is `broker.incoming`'s matter.
"""

from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 16 * 1024
"""Bytes of request line and headers, however they arrive; a complete head has a smaller limit."""
HEAD_SECONDS = 10.0
"""How long a head may take to arrive."""
ANSWER_SECONDS = 30.0
"""How long it may take from there until the answer is taken."""

_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)


class BoundedHttp(HttpToolsProtocol):
    """One connection."""

    _head_size = 0
    _in_head = True
    _in_body = False
    _timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._give_up_after(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes, unless the head they belong to has grown too large."""
        if self._in_head:
            self._head_size += len(data)
        super().data_received(data)
        if self._in_head and self._head_size > LARGEST_HEAD and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        """Begin a head; its first bytes are counted with what came together with them."""
        super().on_message_begin()
        if not self._in_head:
            self._in_head, self._head_size = True, 0
            self._give_up_after(HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        """End a head."""
        self._in_head, self._in_body = False, True
        self._give_up_after(ANSWER_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a body."""
        self._in_body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """End an answer; the next head is waited for as long as connections are kept."""
        super().on_response_complete()
        if self.cycle.response_complete and not self._in_head:
            if self._in_body:
                self.transport.close()
            if not self.transport.is_closing():
                self._stop_timer()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection on which nothing more is asked, or whose answer nobody takes."""
        self.transport.abort()

    def _give_up_after(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, self.transport.abort)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
