"""Where the two sockets are found."""

from __future__ import annotations

from fastapi import APIRouter, WebSocket

from api.sockets.agent import agent_socket
from api.sockets.shopper import shopper_socket

router = APIRouter(prefix="/api/v1")


@router.websocket("/conversations/{conversation_id}/socket")
async def of_shopper(websocket: WebSocket, conversation_id: str) -> None:
    """The shopper's line; the token comes in the first frame, never in the address."""
    await shopper_socket(websocket, conversation_id)


@router.websocket("/agent/socket")
async def of_agent(websocket: WebSocket) -> None:
    """The agent's line."""
    await agent_socket(websocket)
