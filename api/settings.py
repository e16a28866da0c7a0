"""Decides what the operator may set: `config.yml` and the environment become one frozen object."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote

from pydantic import AfterValidator, Field, model_validator

from api import config_file
from api.account_settings import Accounts
from api.care_settings import Care
from api.desk_settings import HandoffSection, Hours
from api.errors import BadConfiguration
from api.secret_store import Secrets, load_secrets
from api.setting_types import (
    LANGUAGES,
    Count,
    Language,
    Origin,
    Port,
    Section,
    Share,
    Timezone,
    check_origin,
    check_origin_or_empty,
)
from api.trigger_settings import Triggers
from knowledge_base.gate_articles import GateRules
from knowledge_base.results import AnswerPolicy
from knowledge_base.wording import BANNED, CAREFUL

__all__ = [
    "LANGUAGES",
    "BadConfiguration",
    "Config",
    "HandoffSection",
    "Language",
    "Section",
    "Settings",
    "load_settings",
]


class RestOrders(Section):
    base_url: str = ""
    timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 4


class AfterSale(Section):
    """Days within which something may still be asked for."""

    price_days: Annotated[int, Field(ge=0, le=365)] = 15
    problem_days: Annotated[int, Field(ge=0, le=365)] = 7
    stuck_days: Annotated[int, Field(ge=1, le=90)] = 3
    lost_days: Annotated[int, Field(ge=0, le=365)] = 30


class Shop(Section):
    name: dict[Language, str]
    timezone: Timezone = "Asia/Shanghai"
    orders: Literal["demo", "rest"] = "demo"
    rest: RestOrders = RestOrders()
    widget_origins: tuple[Origin, ...] = ()
    after_sale: AfterSale = AfterSale()

    @model_validator(mode="after")
    def _has_what_it_names(self) -> Self:
        if self.orders == "rest" and not self.rest.base_url:
            raise ValueError("orders: rest needs rest.base_url")
        return self


Term = Annotated[str, Field(min_length=1, max_length=40)]
StunAddress = Annotated[str, Field(pattern=r"^stuns?:[A-Za-z0-9.\-\[\]:]+$")]
TurnAddress = Annotated[
    str, Field(pattern=r"^turns?:[A-Za-z0-9.\-\[\]:]+(\?transport=(udp|tcp))?$")
]


class Languages(Section):
    default: Language = "zh-Hans"
    traditional: Literal["s2twp", "s2hk"] = "s2twp"
    terms: dict[Term, Term] = Field(default_factory=dict)


class Ports(Section):
    public: Port = 8000
    actions: Port = 8001
    bot: Port = 5005
    redis: Port = 6390


class KnowledgeBase(Section):
    models: dict[str, str] = Field(default={"default": "bundled:e5"})
    answer_precision: Share = 0.90
    clarify_precision: Share = 0.55
    clarify_margin: Share = 0.15
    max_choices: Annotated[int, Field(ge=1, le=5)] = 3
    banned_words: tuple[str, ...] = BANNED
    careful_words: tuple[str, ...] = CAREFUL
    longest_answer_seconds: Annotated[int, Field(ge=10, le=3600)] = 90
    expiry_notice_days: Annotated[int, Field(ge=0, le=365)] = 14


class Limits(Section):
    message_characters: Annotated[int, Field(ge=1, le=20_000)] = 2000
    messages_per_minute: Count = 30
    conversations_per_hour: Count = 60
    proof_tries: Count = 5
    proof_window_minutes: Count = 15
    proof_valid_minutes: Count = 30
    picture_megabytes: Annotated[int, Field(ge=1, le=50)] = 10
    video_megabytes: Annotated[int, Field(ge=1, le=200)] = 25
    picture_megapixels: Annotated[int, Field(ge=1, le=80)] = 50
    pictures_per_message: Annotated[int, Field(ge=1, le=20)] = 5
    pictures_per_hour: Count = 5
    pictures_per_hour_address: Count = 60
    sockets_per_address: Count = 20
    kept_places_per_hour: Count = 5
    bot_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 5
    bot_breaker_failures: Count = 5
    bot_breaker_seconds: Annotated[float, Field(gt=0, le=3600)] = 10


class Camera(Section):
    """Where browsers that cannot reach each other meet; nothing is needed on one network."""

    stun: tuple[StunAddress, ...] = ()
    turn: tuple[TurnAddress, ...] = ()


class Privacy(Section):
    retention_days: Count = 180
    picture_days: Count = 30
    unsent_picture_hours: Count = 24


class Config(Section):
    """Everything in the file; Rasa's five keys are Rasa's to check."""

    shop: Shop
    demo: bool = True
    public_url: Annotated[str, AfterValidator(check_origin_or_empty)] = ""
    trusted_proxies: tuple[str, ...] = ()
    languages: Languages = Languages()
    ports: Ports = Ports()
    knowledge_base: KnowledgeBase = KnowledgeBase()
    triggers: Triggers = Triggers()
    handoff: HandoffSection = HandoffSection()
    hours: Hours = Hours()
    care: Care = Care()
    accounts: Accounts = Accounts()
    limits: Limits = Limits()
    camera: Camera = Camera()
    privacy: Privacy = Privacy()
    recipe: Any = None
    assistant_id: Any = None
    language: Any = None
    pipeline: Any = None
    policies: Any = None


class Settings(Config):
    """The file, the environment and the secrets, decided once at the start."""

    config_path: Path
    var: Path
    database_url: str
    redis_url: str
    #: REDIS_URL names one; otherwise `processes` runs the bundled Valkey
    has_own_redis: bool
    bind_host: str = "127.0.0.1"
    bot_url: str
    secrets: Secrets
    #: shared with the TURN server
    turn_secret: str = ""

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    def search_policy(self) -> AnswerPolicy:
        """How sure the bot must be before it answers."""
        given = self.knowledge_base
        return AnswerPolicy(
            answer_precision=given.answer_precision,
            clarify_precision=given.clarify_precision,
            clarify_margin=given.clarify_margin,
            max_choices=given.max_choices,
        )

    def gate_rules(self) -> GateRules:
        """What editors are told of before they publish."""
        given = self.knowledge_base
        return GateRules(
            banned_words=given.banned_words,
            careful_words=given.careful_words,
            longest_seconds=given.longest_answer_seconds,
            public_url=self.public_url,
        )

    @property
    def public_origins(self) -> frozenset[str]:
        """The addresses whose pages may talk to us."""
        port = self.ports.public
        own = {f"http://{host}:{port}" for host in ("127.0.0.1", "localhost", "[::1]")}
        return frozenset(own | ({self.public_url} if self.public_url else set()))


def load_settings(
    environ: Mapping[str, str] | None = None, *, root: Path | None = None
) -> Settings:
    """Read file, environment and secrets; BadConfiguration says what to change and where."""
    env = os.environ if environ is None else environ
    base = root or Path.cwd()
    path = base / env.get("WARMLINE_CONFIG", "config.yml")
    content = config_file.read(path)
    config = config_file.parse(Config, content, path=path)
    var = base / env.get("WARMLINE_VAR", "var")
    secrets = load_secrets(var, environ=env)
    public = config.public_url
    if env.get("PUBLIC_URL"):
        try:
            public = check_origin(env["PUBLIC_URL"])
        except ValueError as error:
            raise BadConfiguration(f"PUBLIC_URL must be {error}.") from None
    redis_url = env.get("REDIS_URL", "")
    embedded = (
        f"redis://:{quote(secrets.redis_password)}@127.0.0.1:{config.ports.redis}/0"
    )
    return Settings(
        **{**config.model_dump(), "public_url": public},
        config_path=path,
        var=var,
        database_url=_database_url(env.get("DATABASE_URL", ""), var),
        redis_url=redis_url or embedded,
        has_own_redis=bool(redis_url),
        bind_host=env.get("WARMLINE_BIND", "127.0.0.1"),
        bot_url=env.get("WARMLINE_BOT_URL", f"http://127.0.0.1:{config.ports.bot}"),
        secrets=secrets,
        turn_secret=env.get("WARMLINE_TURN_SECRET", ""),
    )


def _database_url(url: str, var: Path) -> str:
    """The address with the driver that we ship for it."""
    if not url:
        return f"sqlite+inloop:///{(var / 'warmline.db').absolute()}"
    scheme, _, rest = url.partition("://")
    name = scheme.partition("+")[0]
    if name == "sqlite":
        return f"sqlite+inloop://{rest}"
    if name in {"postgres", "postgresql"}:
        return f"postgresql+psycopg://{rest}"
    raise BadConfiguration(
        f"DATABASE_URL begins with {scheme!r}; allowed: sqlite:///path, postgresql://…"
    )
