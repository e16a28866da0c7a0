"""Which tables belong to the project."""

from __future__ import annotations

from sqlalchemy import MetaData

from api.accounts import models as account_rows
from api.models import ApiBase
from api.shop import models as shop_rows
from handoff.models import HandoffBase
from knowledge_base.models import KnowledgeBase

#: importing them is what registers them
ROWS = (account_rows, shop_rows)


def all_metadata() -> list[MetaData]:
    return [HandoffBase.metadata, KnowledgeBase.metadata, ApiBase.metadata]
