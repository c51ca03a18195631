/** The one door to the server: bearer token, its renewal, problems as words, uploads with progress. */

import { store } from "./store.js";

/** What went wrong, in words. `code` is the server's stable code, or `network` when nobody answered. */
export class Problem extends Error {
  constructor(body, status = 0, retryAfter = null) {
    super(body.detail || body.title || "出了点问题，请稍后再试。");
    Object.assign(this, { code: body.code, title: body.title, status, retryAfter, errors: body.errors ?? [], requestId: body.request_id });
  }
}

/** Whether the same call may succeed later without anyone changing anything. */
export const passing = (problem) => problem instanceof Problem && (problem.code === "network" || problem.status === 429 || problem.status >= 500);

/** Milliseconds since 1970 as the server counts them: windows close by its clock, and phones may be set wrong. */
export const now = () => Date.now() + ahead;

let ahead = 0;
const OFFLINE = { code: "network", title: "网络不通", detail: "没有连上服务器。请检查网络后重试，您已填写的内容都还在。" };
const STALLED_MS = 60000;
let renewing = null;

/** Ask the server and give back its JSON; throws Problem. */
export async function call(method, path, { json, signal } = {}) {
  return (await answer(method, path, { json, signal })).json();
}

/** Ask for a change that answers with nothing. */
export async function tell(method, path, { json } = {}) {
  await answer(method, path, { json });
}

/** Like `call`, with the response itself, for its headers or bytes. */
export async function answer(method, path, { json, signal } = {}) {
  const used = access();
  let response = await send(method, path, json, signal);
  learn(response.headers.get("Date"));
  if (response.status === 401 && path !== "/v1/auth/refresh" && (await renew(used))) response = await send(method, path, json, signal);
  if (!response.ok) throw await problem(response);
  return response;
}

async function send(method, path, json, signal) {
  const headers = { Accept: "application/json, application/problem+json" };
  const token = access();
  if (token) headers.Authorization = `Bearer ${token}`;
  if (json !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(path, { method, headers, body: json === undefined ? undefined : JSON.stringify(json), signal, cache: "no-store" });
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    throw new Problem(OFFLINE);
  }
}

const access = () => store.session()?.access_token;

function learn(date) {
  const told = Date.parse(date ?? "");
  if (!Number.isNaN(told)) ahead = told - Date.now();
}

/** Send something off while the page goes away; whether it arrives nobody hears, so a copy must stay here. */
export function tellLeaving(method, path, json) {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${access()}` };
  fetch(path, { method, headers, body: JSON.stringify(json), keepalive: true }).catch(() => undefined);
}

async function problem(response) {
  const retryAfter = Number(response.headers.get("Retry-After")) || null;
  const body = await response.json().catch(() => ({ code: "unreadable_answer", detail: `服务器没有正常应答（${response.status}），请稍后再试。` }));
  return new Problem(body, response.status, retryAfter);
}

/**
 * A session other than the one that was not taken, asked for once for all who wait; false when the student must sign in
 * again. Who hears late that the old token is over finds the new one there: to change that as well would end it for
 * everybody else. A server that is busy has not refused anything: that is thrown, and the session stays.
 */
function renew(used) {
  const { refresh_token: token } = store.session() ?? {};
  if (!token) return Promise.resolve(false);
  if (access() !== used) return Promise.resolve(true);
  renewing ??= send("POST", "/v1/auth/refresh", { refresh_token: token })
    .then(async (response) => {
      if (response.ok) store.signIn(await response.json());
      else await refused(response);
      return response.ok;
    })
    .finally(() => { renewing = null; });
  return renewing;
}

async function refused(response) {
  const fault = await problem(response);
  if (passing(fault)) throw fault;
}

/** Send one selfie. The key makes it safe to send the same one again: the server keeps one photo for it. */
export async function upload(file, target, { key, onprogress, signal }) {
  const used = access();
  const first = await post(file, target, key, onprogress, signal);
  const last = first.status === 401 && (await renew(used)) ? await post(file, target, key, onprogress, signal) : first;
  const body = parse(last.responseText);
  if (last.status === 202) return body;
  throw new Problem(body, last.status, Number(last.getResponseHeader("Retry-After")) || null);
}

function post(file, target, key, onprogress, signal) {
  const form = new FormData();
  form.append(target.kind, target.id);
  if (target.kind === "spec" && target.background) form.append("background", target.background);
  form.append("selfie", file, "selfie.jpg");
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", "/v1/photos");
    xhr.setRequestHeader("Authorization", `Bearer ${access()}`);
    xhr.setRequestHeader("Idempotency-Key", key);
    const watch = stallWatch(() => { reject(new Problem(OFFLINE)); xhr.abort(); });
    xhr.upload.onprogress = (event) => { watch.moved(); if (event.lengthComputable) onprogress(event.loaded / event.total); };
    xhr.onload = () => resolve(xhr);
    xhr.onerror = () => reject(new Problem(OFFLINE));
    xhr.onabort = () => reject(new DOMException("left", "AbortError"));
    xhr.onloadend = watch.end;
    signal?.addEventListener("abort", () => xhr.abort(), { once: true });
    xhr.send(form);
  });
}

/** Call `stalled` when nothing has moved for a minute. However slow a network is, what moves is let go on: 10 MB may take its time. */
function stallWatch(stalled) {
  let timer;
  const end = () => clearTimeout(timer);
  const moved = () => { end(); timer = setTimeout(stalled, STALLED_MS); };
  moved();
  return { moved, end };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { code: "unreadable_answer", detail: "服务器没有正常应答，请稍后再试。" };
  }
}

/** Fetch the finished photo: its bytes and the name it must be saved under. */
export async function fetchImage(url, signal) {
  const response = await answer("GET", url, { signal });
  return { blob: await response.blob(), filename: filenameOf(response.headers.get("Content-Disposition") ?? "") };
}

function filenameOf(disposition) {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition);
  const plain = /filename="?([^";]+)"?/i.exec(disposition);
  return extended ? decodeURIComponent(extended[1]) : (plain?.[1] ?? "photo.jpg");
}
