"""The shop's signed token: what it opens, and every way it can be false (B11, B26)."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from api.errors import BadConfiguration
from api.shop.errors import BadIdentity
from api.shop.identity import as_shopper, identity_secret, read_identity

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SECRET = b"a secret of sixty-four bytes, so that no algorithm finds it short"
PEM = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJB\n-----END PUBLIC KEY-----"


def token(*, key=SECRET, algorithm="HS256", headers=None, without=(), **claims):
    body = {
        "sub": "C00004",
        "aud": "warmline",
        "exp": NOW + timedelta(minutes=10),
        "name": "Ann",
        **claims,
    }
    kept = {name: value for name, value in body.items() if name not in without}
    return jwt.encode(kept, key, algorithm=algorithm, headers=headers)


def raw(header, claims, signature=b""):
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts)


CLAIMS = {"sub": "C00004", "aud": "warmline", "exp": int(NOW.timestamp()) + 300}


def read(given, secret=SECRET):
    return read_identity(given, secret=secret, now=NOW)


def test_a_fresh_token_of_the_shop_is_believed():
    identity = read(token())

    assert identity.customer_id == "C00004"
    assert identity.name == "Ann"


@pytest.mark.parametrize(
    ("said", "region"),
    [("HK", "hk"), ("north_1", "north_1"), ("", None), ("中国", None), (7, None)],
)
def test_the_region_is_taken_where_it_is_a_code(said, region):
    identity = read(token(region=said))
    assert identity.region == region
    assert as_shopper(identity).get("region") == region


def test_clocks_may_differ_a_little():
    assert read(token(exp=NOW - timedelta(seconds=20)))
    assert read(token(iat=NOW + timedelta(seconds=20)))


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(token(key=b"x" * 40), id="signed by somebody else"),
        pytest.param(raw({"alg": "none", "typ": "JWT"}, CLAIMS), id="alg none"),
        pytest.param(raw({"alg": "None"}, CLAIMS), id="alg None"),
        pytest.param(raw({"typ": "JWT"}, CLAIMS), id="no alg"),
        pytest.param(token(algorithm="HS512"), id="another algorithm"),
        pytest.param(raw({"alg": "RS256"}, CLAIMS, b"x" * 64), id="RS for HS"),
        pytest.param(token(headers={"crit": ["exp"]}), id="crit"),
        pytest.param(token(headers={"crit": ["b64"], "b64": False}), id="b64"),
        pytest.param(token(aud="another-shop"), id="other audience"),
        pytest.param(token(aud=["warmline", "other"]), id="several audiences"),
        pytest.param(token(without=("aud",)), id="no audience"),
        pytest.param(token(exp=NOW - timedelta(minutes=1)), id="expired"),
        pytest.param(token(exp=NOW + timedelta(minutes=11)), id="lives too long"),
        pytest.param(token(exp=NOW + timedelta(days=3650)), id="lives for ever"),
        pytest.param(token(without=("exp",)), id="no end"),
        pytest.param(
            raw({"alg": "HS256"}, {**CLAIMS, "exp": "soon"}), id="exp no number"
        ),
        pytest.param(token(nbf=NOW + timedelta(minutes=2)), id="not yet"),
        pytest.param(token(iat=NOW + timedelta(minutes=2)), id="made tomorrow"),
        pytest.param(token(without=("sub",)), id="nobody"),
        pytest.param(token(sub=""), id="empty subject"),
        pytest.param(token(sub="C00004\nC00005"), id="two subjects"),
        pytest.param(token(sub=" C00004"), id="blank before"),
        pytest.param(token(sub="x" * 129), id="long subject"),
        pytest.param(token()[:-2], id="cut"),
        pytest.param(token() + "x", id="grown"),
        pytest.param("a.b.c", id="no JSON"),
        pytest.param("", id="empty"),
        pytest.param("x" * 10_000, id="huge"),
        pytest.param(None, id="none"),
        pytest.param(["a"], id="list"),
        pytest.param({"sub": "C00004"}, id="claims in the open"),
    ],
)
def test_everything_else_is_refused_in_one_way(given):
    with pytest.raises(BadIdentity, match="sign-in token is not valid"):
        read(given)


def test_a_key_id_leads_nowhere():
    """`kid` may name a file or an address: it is not looked at."""
    assert read(token(headers={"kid": "../../../../dev/null"})).customer_id == "C00004"
    with pytest.raises(BadIdentity):
        read(token(key=b"x" * 40, headers={"kid": "../../../../dev/null"}))


def test_without_a_secret_nobody_is_signed_in():
    with pytest.raises(BadIdentity):
        read(token(), secret=None)


class TestIdentitySecret:
    def test_it_comes_from_the_environment(self):
        assert identity_secret({"WARMLINE_IDENTITY_SECRET": "s" * 32}) == b"s" * 32
        assert identity_secret({}) is None

    @pytest.mark.parametrize("weak", ["short", "x" * 31, PEM])
    def test_weak_secrets_and_public_keys_are_refused(self, weak):
        with pytest.raises(BadConfiguration, match="WARMLINE_IDENTITY_SECRET"):
            identity_secret({"WARMLINE_IDENTITY_SECRET": weak})
