"""A slow network on loopback: passes TCP connections on to another port, and delays all data in
both directions by the same time.

Data does not wait for earlier data: as on a long line, much can be under way at once. TLS passes
through unchanged.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import threading


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
) -> None:
    """Write what is read, `seconds` after it came. At its end, end only this direction, because an
    answer may still be on its way.
    """
    clock = asyncio.get_running_loop().time
    waiting: asyncio.Queue = asyncio.Queue()

    async def deliver() -> None:
        while True:
            due, data = await waiting.get()
            await asyncio.sleep(max(0.0, due - clock()))
            if not data:
                return
            writer.write(data)
            await writer.drain()

    delivery = asyncio.create_task(deliver())
    data = b"-"
    with contextlib.suppress(ConnectionError):
        while data:
            data = await reader.read(1 << 16)
            waiting.put_nowait((clock() + seconds, data))
    waiting.put_nowait((clock() + seconds, b""))
    with contextlib.suppress(OSError):
        await delivery
        writer.write_eof()


class Delay:
    """Listens on host (any free port unless one is given) and passes connections on to (host, port)
    `to`.

    A context manager. address: its own host:port.
    """

    def __init__(self, host: str, to: tuple[str, int], milliseconds: float, port: int = 0):
        self._to, self._seconds = to, milliseconds / 1000
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._meet, host, port))
        self.address = f"{host}:{self._server.sockets[0].getsockname()[1]}"
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._to)
        except OSError:
            writer.close()
            return
        try:
            await asyncio.gather(
                _carry(reader, far_writer, self._seconds), _carry(far_reader, writer, self._seconds)
            )
        except asyncio.CancelledError:
            # By _drop. Not raised again, because asyncio's server would log it as an error.
            for end in (far_writer, writer):
                end.transport.abort()
            return
        far_writer.close()
        writer.close()

    def close(self) -> None:
        """Stop listening and cut open connections, as a server that dies does. A second call does
        nothing.
        """
        if not self._thread.is_alive():
            return
        asyncio.run_coroutine_threadsafe(self._drop(), self._loop)
        self._thread.join(5)

    async def _drop(self) -> None:
        self._server.close()
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        # The ends of the connections are reported in a later round of the loop
        await asyncio.sleep(0.01)
        self._loop.stop()

    def __enter__(self) -> Delay:
        return self

    def __exit__(self, *_error) -> None:
        self.close()


def main() -> None:
    """Carry until interrupted: python -m lab.delay 127.0.0.10:6360 127.0.0.10:636 5"""
    parser = argparse.ArgumentParser(prog="python -m lab.delay", description=__doc__)
    parser.add_argument("listen", help="host:port")
    parser.add_argument("to", help="host:port")
    parser.add_argument("milliseconds", type=float, help="each way")
    given = parser.parse_args()
    (host, port), (far_host, far_port) = (text.rsplit(":", 1) for text in (given.listen, given.to))
    with Delay(host, (far_host, int(far_port)), given.milliseconds, int(port)) as delay:
        print(f"{delay.address} -> {given.to}, {given.milliseconds:g} ms each way", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
