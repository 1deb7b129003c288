"""A mail server of forty lines on this machine: keeps what it is handed, refuses whom it is told to."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 tests")
        to: list[str] = []
        while line := self.rfile.readline():
            verb, said = line[:4].upper(), line.decode().strip()
            if verb == b"QUIT":
                return self._say("221 bye")
            if verb == b"RCPT":
                address = said.partition("<")[2].partition(">")[0]
                refused = address in self.server.refused
                to += [] if refused else [address]
                self._say("550 nobody of that name" if refused else "250 ok")
            elif verb == b"DATA":
                self._say("354 go on")
                self._keep(to)
                to = []
            else:
                self._say("250 ok")
        return None

    def _keep(self, to: list[str]) -> None:
        lines = list(iter(self.rfile.readline, b".\r\n"))
        content = b"".join(line[1:] if line.startswith(b".") else line for line in lines)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.server.mails.append((to, mail))
        self._say("250 kept")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """``mails``: recipients and message, in the order they came; ``refused``: addresses that get a 550."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.refused: set[str] = set()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def __enter__(self) -> MailServer:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.shutdown()
        self.server_close()

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for to, mail in self.mails if to == [address]]
