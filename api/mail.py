"""Decides how mail leaves the desk: by the shop's own server, in a thread, or not at all."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Sequence
from email.message import EmailMessage

from api.desk_settings import MailServer

SECONDS = 10


async def send_mail(
    server: MailServer, to: Sequence[str], *, subject: str, text: str
) -> None:
    """Send one plain mail; OSError or SMTPException says why it could not be."""
    letter = EmailMessage()
    letter["From"] = server.sender
    letter["To"] = ", ".join(to)
    letter["Subject"] = subject
    letter.set_content(text)
    await asyncio.to_thread(_send, server, letter)


def _send(server: MailServer, letter: EmailMessage) -> None:
    with smtplib.SMTP(server.host, server.port, timeout=SECONDS) as smtp:
        if server.starttls:
            smtp.starttls()
        smtp.send_message(letter)
