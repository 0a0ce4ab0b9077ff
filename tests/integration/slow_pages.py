"""An HR system that takes its time for each page of its list of people."""
from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

SIZE = 10  # people of a page


@contextmanager
def serving(pages: int, seconds: float) -> Iterator[str]:
    """The address of the server. pages: of the list; those after them are empty. seconds: that each page takes."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            number = int(parse_qs(urlsplit(self.path).query).get("page", ["1"])[0])
            time.sleep(seconds)
            records = [{"id": f"p{number}-{index}"} for index in range(SIZE if number <= pages else 0)]
            body = json.dumps({"people": records, "total": pages * SIZE}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def fetching(url: str, dest: str) -> dict:
    """The options of hris.ad.endpoint_info that read the whole list."""
    return {"base_url": url, "dest": dest, "endpoints": [
        {"name": "people", "url": "/people", "key": "id", "records": "people", "paging": {"type": "page", "parameter": "page", "total": "total"}}]}
