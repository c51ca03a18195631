"""The access token: one for all processes, fetched seldom, replaced once. Real Redis, real HTTP, real processes."""

import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from web_world import make_world
from wechat_world import APP_ID, RETURNED, SECRET, Line, line_to, tokens_over, transport_to

from api.adapters.embedded_redis import EmbeddedRedis
from api.adapters.queue_rq import connect
from api.adapters.wechat.gateway import WeChatServer
from api.adapters.wechat.transport import Patience
from api.bootstrap import furnish
from api.domain.errors import QueueUnavailable
from api.domain.errors_wechat import WeChatMisconfigured, WeChatUnavailable
from api.web.app import create_app

HELLO = {"thing1": "照片采集", "phrase2": "未通过", "time3": "2026年3月2日 12:00"}

COLD = """
import sys
from api.adapters.queue_rq import connect
from api.adapters.wechat.tokens import StableTokens
from api.adapters.wechat.transport import Transport
redis_url, base_url, app_id, secret = sys.argv[1:]
transport = Transport(app_id=app_id, secret=secret, base_url=base_url)
tokens = StableTokens(connect(redis_url), transport=transport, app_id=app_id, secret=secret)
print("ready", flush=True)
sys.stdin.readline()
print(tokens.get(), flush=True)
"""


def send(line: Line) -> None:
    line.wechat.send_notice(line.account.openid("alice"), template_id=RETURNED, data=HELLO)


def test_twenty_five_refusals_in_a_row_cost_one_fetch(line: Line):
    """From the cold, 25 answers in a row are 40001: each call is repeated once, one token is fetched in all."""
    line.account.agree("alice", RETURNED)
    line.account.mood.bad_tokens = 25

    refused = 0
    while line.account.mood.bad_tokens > 1:
        with pytest.raises(WeChatUnavailable) as refusal:
            send(line)
        assert refusal.value.facts["errcode"] == 40001
        refused += 1
    send(line)

    assert refused == 12
    assert line.account.calls["/cgi-bin/message/subscribe/send"] == 26
    assert line.token_fetches == 1


def test_twenty_five_refusals_of_a_warm_token_cost_one_fetch(line: Line):
    """The same with a token of an hour ago."""
    line.tokens.get()
    line.redis.delete(f"idphoto-wechat:{APP_ID}_fetched")
    line.account.mood.bad_tokens = 25

    while line.account.mood.bad_tokens > 1:
        with pytest.raises(WeChatUnavailable):
            send(line)

    assert line.token_fetches == 1 + 1


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_one_refused_token_is_replaced_and_the_call_repeated(line: Line, errcode: int):
    """The token went stale long after it was fetched: the message goes out all the same."""
    line.tokens.get()
    line.redis.delete(f"idphoto-wechat:{APP_ID}_fetched")
    line.account.agree("alice", RETURNED)
    line.account.mood.errcodes = [errcode]

    send(line)

    assert len(line.account.sent) == 1
    assert line.token_fetches == 2


def test_a_token_that_was_ended_elsewhere_is_renewed(line: Line):
    """Somebody forced a refresh in the console: the next call finds out and goes on."""
    line.tokens.get()
    line.redis.delete(f"idphoto-wechat:{APP_ID}_fetched")
    line.account.expire_tokens()
    line.account.agree("alice", RETURNED)

    send(line)

    assert len(line.account.sent) == 1


def test_a_token_that_another_process_renewed_is_taken(line: Line):
    """Refused with the old one, we find the new one in Redis and fetch nothing."""
    old = line.tokens.get()
    line.redis.delete(f"idphoto-wechat:{APP_ID}_fetched")
    line.account.expire_tokens()
    new = tokens_over(line.redis, transport_to(line.url)).instead_of(old)
    fetched = line.token_fetches

    assert line.tokens.instead_of(old) == new != old
    assert line.token_fetches == fetched


def test_eight_cold_processes_fetch_once(line: Line, wechat_redis_server: EmbeddedRedis):
    """Eight workers start in the same moment, WeChat is slow: one asks, seven wait, all have the same token."""
    line.account.mood.slow_s = 0.3
    command = [sys.executable, "-c", COLD, wechat_redis_server.url, line.url, APP_ID, SECRET]
    crew = [
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
        )
        for _ in range(8)
    ]
    try:
        for one in crew:
            assert one.stdout.readline() == "ready\n"
        for one in crew:
            one.stdin.write("go\n")
            one.stdin.flush()
        tokens = {one.communicate(timeout=20)[0].strip() for one in crew}
    finally:
        for one in crew:
            one.kill()
            one.wait()

    assert len(tokens) == 1
    assert len(tokens.pop()) > 64
    assert line.token_fetches == 1


def test_a_token_is_kept_no_longer_than_it_lives(line: Line):
    """Until five minutes before its end; near the end for the half of what is left."""
    line.tokens.get()
    kept = line.redis.ttl(f"idphoto-wechat:{APP_ID}_access_token")
    assert 0.94 * 6900 <= kept <= 6900

    line.redis.flushall()
    line.account.clock.time += 7200 - 302
    line.tokens.get()
    assert line.redis.ttl(f"idphoto-wechat:{APP_ID}_access_token") <= 151


def test_a_wrong_secret_is_told_apart_from_a_busy_wechat(line: Line):
    """40125 needs an administrator, -1 a moment."""
    wrong = line_to(line.account, line.url, line.redis)
    wrong.tokens._secret = "another"

    with pytest.raises(WeChatMisconfigured) as refusal:
        wrong.wechat.check_account()
    line.account.mood.busy = 1
    with pytest.raises(WeChatUnavailable) as busy:
        line.wechat.check_account()

    assert refusal.value.facts["errcode"] == 40125
    assert refusal.value.retry_after is None
    assert busy.value.retry_after == 5
    line.wechat.check_account()


def test_who_waits_for_a_fetch_that_never_ends_gives_up(line: Line):
    """The process that held the lock died with it: nobody waits longer than asked to."""
    line.redis.set(f"idphoto-wechat:{APP_ID}_lock", b"somebody", px=5000)

    with pytest.raises(WeChatUnavailable):
        tokens_over(line.redis, transport_to(line.url), wait_s=0.2).get()

    assert line.token_fetches == 0


def test_without_redis_nobody_asks_for_tokens(tmp_path: Path):
    """Each process for itself would ask eight times: the call waits for Redis instead."""
    redis = connect(f"unix://{tmp_path}/nowhere.sock")

    with pytest.raises(QueueUnavailable):
        tokens_over(redis, transport_to("http://127.0.0.1:9")).get()


USUAL_LIMIT_S = Patience().total_s
"""What it would take if the limit that was asked for were not heard."""


def test_a_dead_wechat_costs_a_login_the_time_limit_and_says_so(tmp_path: Path):
    """Over the API: 503, in Chinese, with Retry-After, after the limit and not later; nothing of the secret."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = transport_to(f"http://127.0.0.1:{listener.getsockname()[1]}", total_s=0.7)
        world = make_world(tmp_path)
        dead = WeChatServer(transport=transport, tokens=None, app_id=APP_ID, secret=SECRET)
        house = furnish(world.house.settings, replace(world.house.parts, wechat=dead))

        began = time.monotonic()
        answer = create_app(house).test_client().post("/v1/auth/wechat", json={"code": "code-1"})
        took = time.monotonic() - began
        house.close()

    assert (answer.status_code, answer.get_json()["code"]) == (503, "wechat_unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert "微信" in answer.get_json()["detail"]
    assert SECRET not in answer.text
    assert 0.6 < took < USUAL_LIMIT_S / 2
