"""The slow network: everything arrives, later, in both directions, and much may be under way at once."""
import socket
import threading
import time

from lab.delay import Delay


def echo():
    """(listener, port) of a server that sends back what it gets, until the other side ends."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _address = listener.accept()
        with connection:
            while data := connection.recv(1 << 16):
                connection.sendall(data)
    threading.Thread(target=serve, daemon=True).start()
    return listener, listener.getsockname()[1]


def test_both_ways_are_slow_but_much_is_under_way_at_once():
    listener, port = echo()
    with listener, Delay("127.0.0.1", ("127.0.0.1", port), 50) as delay:
        host, _colon, own = delay.address.rpartition(":")
        with socket.create_connection((host, int(own)), timeout=5) as client:
            began = time.monotonic()
            for number in range(10):
                client.sendall(bytes([number]) * 1000)
                time.sleep(0.005)
            client.shutdown(socket.SHUT_WR)
            found = b""
            while data := client.recv(1 << 16):
                found += data
            took = time.monotonic() - began
    assert found == b"".join(bytes([number]) * 1000 for number in range(10))
    assert 0.1 <= took < 0.8, "one round trip of 100 ms, not ten"


def test_nobody_behind_it_ends_the_connection():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with Delay("127.0.0.1", ("127.0.0.1", port), 1) as delay:
        host, _colon, own = delay.address.rpartition(":")
        with socket.create_connection((host, int(own)), timeout=5) as client:
            assert client.recv(1) == b""


def test_closing_cuts_off_who_is_connected():
    listener, port = echo()
    with listener:
        delay = Delay("127.0.0.1", ("127.0.0.1", port), 1)
        host, _colon, own = delay.address.rpartition(":")
        with socket.create_connection((host, int(own)), timeout=5) as client:
            client.sendall(b"x")
            assert client.recv(1) == b"x"
            delay.close()
            try:
                ended = client.recv(1) == b""
            except ConnectionResetError:
                ended = True
        delay.close()
    assert ended
