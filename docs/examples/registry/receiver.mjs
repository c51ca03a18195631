// 接收校园证件照通知的最小服务：Node.js 18 以上，只用自带模块。
//
// 运行： WEBHOOK_SECRETS="whsec_…" node receiver.mjs 端口 保存目录
// 轮换密钥期间可写两个，用空格隔开。

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const TOLERANCE_S = 300;
const MAX_BODY = 4 * 1024 * 1024; // 通知里带照片时，2 MB 的照片写成 Base64 约 2.7 MB
const secrets = process.env.WEBHOOK_SECRETS.trim().split(/\s+/);
const [port, directory] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

// 签名正确且时间相差不超过五分钟。body 必须是收到的原始字节，不能先解析再序列化。
function verified(id, timestamp, signatures, body) {
  if (!id || !/^[0-9]{1,12}$/.test(timestamp ?? "") || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_S) {
    return false;
  }
  return secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const mac = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
    const expected = Buffer.from(`v1,${mac}`);
    return (signatures ?? "").split(" ").some((given) => {
      const bytes = Buffer.from(given);
      return bytes.length === expected.length && timingSafeEqual(bytes, expected); // 用时固定；不要用 ===
    });
  });
}

// 取得照片：通知里带着就用带来的，否则按链接取回；暂时取不到时返回 null。
async function photoOf(data) {
  if (typeof data.photo.jpeg_base64 === "string") return Buffer.from(data.photo.jpeg_base64, "base64");
  try {
    const answer = await fetch(data.pull_url, { signal: AbortSignal.timeout(10_000), redirect: "error" });
    return answer.ok ? Buffer.from(await answer.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

// 照片编号形如 ph_…，不合规的编号不能成为文件名。
function photoFile(data) {
  if (!/^ph_[0-9A-Za-z]+$/.test(data.photo.id)) throw new TypeError("photo id");
  return join(directory, `${data.photo.id}.jpg`);
}

// 同一张照片以 timestamp 最晚的通知为准：迟到的旧通知不再动照片。timestamp 都是 UTC，按文字比较即可。
function heardLater({ timestamp, data }) {
  const latest = `${photoFile(data)}.at`;
  return existsSync(latest) && readFileSync(latest, "ascii") > timestamp;
}

// 保存一条通知，返回 HTTP 状态码。同一编号只处理一次。
async function keep(messageId, event) {
  const done = join(directory, `${sha256(messageId)}.json`);
  if (existsSync(done)) return 204;
  const { type, data } = event;
  if (typeof type !== "string") return 400;
  if (data.photo && heardLater(event)) {
    delete data.photo.jpeg_base64;
  } else if (type === "photo.revoked") {
    rmSync(photoFile(data), { force: true });
    writeFileSync(`${photoFile(data)}.at`, event.timestamp);
  } else if (data.pull_url || data.photo?.jpeg_base64) {
    const file = photoFile(data);
    const photo = await photoOf(data);
    if (photo === null) return 503; // 暂时取不到：我们会再次发送
    if (photo.length !== data.photo.bytes || sha256(photo) !== data.photo.sha256) return 422;
    writeFileSync(file, photo);
    writeFileSync(`${file}.at`, event.timestamp);
    delete data.photo.jpeg_base64; // 照片只存一份，撤销时才删得干净
  }
  writeFileSync(done, JSON.stringify(event));
  return 204;
}

async function bodyOf(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > MAX_BODY) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

let queue = Promise.resolve(); // 一次处理一条：同一通知同时到达两次，也只保存一次

const server = createServer(async (request, response) => {
  const body = await bodyOf(request);
  const id = request.headers["webhook-id"];
  const answer = (status) => response.writeHead(status).end();
  if (body === null) return answer(413);
  if (!verified(id, request.headers["webhook-timestamp"], request.headers["webhook-signature"], body)) return answer(401);
  queue = queue
    .then(() => keep(id, JSON.parse(body)))
    .then(answer, (fault) => answer(fault instanceof SyntaxError || fault instanceof TypeError ? 400 : 500));
});
server.listen(Number(port), "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
