"""接收校园证件照通知的最小服务：Python 3.9 以上，只用标准库。

运行： WEBHOOK_SECRETS="whsec_…" python receiver.py 端口 保存目录
轮换密钥期间可写两个，用空格隔开。
"""

import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import sys
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TOLERANCE_S = 300
MAX_BODY = 4 * 1024 * 1024  # 通知里带照片时，2 MB 的照片写成 Base64 约 2.7 MB
MAX_PHOTO = 5 * 1024 * 1024


def verified_id(secrets, headers, body):
    """返回消息编号；签名不对或时间相差超过五分钟则返回 None。"""
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not message_id or not timestamp.isascii() or not timestamp.isdigit():
        return None
    if abs(time.time() - int(timestamp)) > TOLERANCE_S:
        return None
    signed = f"{message_id}.{timestamp}.".encode() + body  # body 是收到的原始字节，不能先解析再序列化
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
        for given in headers.get("webhook-signature", "").split(" "):
            if hmac.compare_digest(expected, given.encode("utf-8", "replace")):
                return message_id
    return None


def photo_of(data):
    """取得照片：通知里带着就用带来的，否则按链接取回。"""
    if "jpeg_base64" in data["photo"]:
        return base64.b64decode(data["photo"]["jpeg_base64"], validate=True)
    if not data["pull_url"].startswith(("https://", "http://")):
        raise ValueError("不让 file:// 之类的地址进来")
    with urllib.request.urlopen(data["pull_url"], timeout=10) as answer:
        return answer.read(MAX_PHOTO + 1)


def as_announced(photo, announced):
    """照片与通知里写的字节数和摘要一致。"""
    return len(photo) == announced["bytes"] and hashlib.sha256(photo).hexdigest() == announced["sha256"]


def photo_file(directory, data):
    """照片编号形如 ph_…，不合规的编号不能成为文件名。"""
    if not re.fullmatch(r"ph_[0-9A-Za-z]+", data["photo"]["id"]):
        raise ValueError("photo id")
    return directory / (data["photo"]["id"] + ".jpg")


def heard_later(directory, event):
    """同一张照片以 timestamp 最晚的通知为准：迟到的旧通知不再动照片。timestamp 都是 UTC，按文字比较即可。"""
    latest = photo_file(directory, event["data"]).with_suffix(".at")
    return latest.exists() and latest.read_text("ascii") > event["timestamp"]


def keep(directory, message_id, event):
    """保存一条通知，返回 HTTP 状态码。同一编号只处理一次。"""
    done = directory / (hashlib.sha256(message_id.encode()).hexdigest() + ".json")
    if done.exists():
        return 204
    data = event["data"]
    if "photo" in data and heard_later(directory, event):
        data["photo"].pop("jpeg_base64", None)
    elif event["type"] == "photo.revoked":
        photo_file(directory, data).unlink(missing_ok=True)
        photo_file(directory, data).with_suffix(".at").write_text(event["timestamp"], "ascii")
    elif "pull_url" in data or "jpeg_base64" in data.get("photo", {}):
        try:
            photo = photo_of(data)
        except (OSError, http.client.HTTPException):
            return 503  # 暂时取不到：我们会再次发送
        if not as_announced(photo, data["photo"]):
            return 422
        photo_file(directory, data).write_bytes(photo)
        photo_file(directory, data).with_suffix(".at").write_text(event["timestamp"], "ascii")
        data["photo"].pop("jpeg_base64", None)  # 照片只存一份，撤销时才删得干净
    done.write_text(json.dumps(event, ensure_ascii=False), "utf-8")
    return 204


class Hook(BaseHTTPRequestHandler):
    secrets = ()
    directory = Path()

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        if length > MAX_BODY:
            return self.answer(413)
        body = self.rfile.read(length)
        message_id = verified_id(self.secrets, self.headers, body)
        if message_id is None:
            return self.answer(401)
        try:
            event = json.loads(body)
            return self.answer(keep(self.directory, message_id, event))
        except (ValueError, KeyError, TypeError):
            return self.answer(400)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()


def main():
    Hook.secrets = os.environ["WEBHOOK_SECRETS"].split()
    Hook.directory = Path(sys.argv[2])
    Hook.directory.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Hook)
    print(f"listening on {server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
