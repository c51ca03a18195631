/** The student's rights: read what was agreed to and withdraw it, delete a photo, take the data along, erase everything, sign out. */

import { call, tell } from "../api.js";
import { ask, busy, h, heading, icon, note, save } from "../dom.js";
import { forget } from "../selfie.js";
import { store } from "../store.js";
import { moment, PHOTO } from "../words.js";

const FEW = 5;

export async function me(ctx) {
  const [{ consents }, { photos }, { specs }, { campaigns }, { submissions }] = await Promise.all(["/v1/consents", "/v1/photos", "/v1/specs", "/v1/campaigns", "/v1/submissions"].map((path) => call("GET", path, { signal: ctx.signal })));
  const problems = h("div");
  const run = (button, work) => busy(button, work).catch((problem) => ctx.fail(problem, problems));
  const told = store.get("told");
  store.set({ told: undefined });
  return [
    heading("我的数据", "您的照片和信息由您做主。"), told && note("good", told), problems,
    h("section", { class: "card", "aria-labelledby": "consents" }, h("h2", { id: "consents" }, "告知与同意"), h("ul", { class: "list" }, consents.map((text) => row(ctx, text, run)))),
    h("section", { class: "card", "aria-labelledby": "photos" }, h("h2", { id: "photos" }, "我的照片"),
      photos.length === 0 ? h("p", { class: "muted" }, "目前没有。") : pictures(ctx, photos.map((photo) => ({ ...photo, ...known(photo, specs, campaigns, submissions) })), run)),
    h("section", { class: "card", "aria-labelledby": "data" }, h("h2", { id: "data" }, "导出与删除"),
      h("button", { class: "btn", type: "button", onclick: (event) => run(event.currentTarget, exportAll) }, icon("save"), "导出我的数据"),
      h("button", { class: "btn danger", type: "button", onclick: (event) => run(event.currentTarget, () => erase(ctx)) }, "删除我的全部数据")),
    h("section", { class: "card", "aria-labelledby": "sessions" }, h("h2", { id: "sessions" }, "登录"),
      h("button", { class: "btn plain", type: "button", onclick: (event) => busy(event.currentTarget, () => signOut(ctx)) }, "退出登录"),
      h("button", { class: "btn text", type: "button", onclick: (event) => run(event.currentTarget, () => signOutEverywhere(ctx)) }, "在所有手机和电脑上退出")),
  ].filter(Boolean);
}

function row(ctx, text, run) {
  return h("li", { class: "item" },
    h("div", { class: "item-head" }, h("strong", {}, text.title), h("span", { class: `chip ${text.given_at ? "good" : ""}` }, text.given_at ? "已同意" : "未同意")),
    h("span", { class: "muted small num" }, `版本 ${text.version}${text.given_at ? ` · ${moment(text.given_at)}` : ""}`),
    h("details", {}, h("summary", {}, "阅读全文", icon("down")), h("div", { class: "legal", tabindex: "0", role: "region", "aria-label": `${text.title}全文` }, text.body)),
    text.given_at && h("button", { class: "btn text", type: "button", "aria-label": `撤回同意：${text.title}`, onclick: (event) => run(event.currentTarget, () => withdraw(ctx, text)) }, "撤回同意"));
}

/** What a photo was made for, and whether it was handed in. */
function known({ id, spec, campaign }, specs, campaigns, submissions) {
  const made = specs.find((one) => one.id === spec);
  const asked = campaigns.find((one) => one.id === campaign);
  const target = asked ? { kind: "campaign", id: asked.id, name: asked.name, spec: made } : { kind: "spec", id: spec, name: made?.name ?? spec, spec: made };
  return { name: made?.name ?? spec, target, handedIn: submissions.some(({ photo }) => photo === id) };
}

/** The newest few, the rest on demand: retakes are unlimited. */
function pictures(ctx, photos, run) {
  const rows = (some) => h("ul", { class: "list" }, some.map((photo) => picture(ctx, photo, run)));
  const rest = photos.slice(FEW);
  return h("div", { class: "list" }, rows(photos.slice(0, FEW)), rest.length > 0 && h("details", {}, h("summary", {}, `更多（还有 ${rest.length} 张）`, icon("down")), rows(rest)));
}

function picture(ctx, photo, run) {
  const look = () => ctx.go("result", { target: photo.target, photo: { id: photo.id, handedIn: photo.handedIn, look: true } });
  const kind = { ready: "good", rejected: "bad", failed: "bad" }[photo.state] ?? "warn";
  return h("li", { class: "item" },
    h("div", { class: "item-head" }, h("strong", {}, photo.name), h("span", { class: `chip ${kind}` }, PHOTO[photo.state])),
    h("span", { class: "muted small num" }, `${moment(photo.created_at)}${photo.campaign ? " · 采集批次" : ""}`),
    h("div", { class: photo.state === "ready" ? "actions row" : "actions" },
      photo.state === "ready" && h("button", { class: "btn text", type: "button", "aria-label": `查看 ${moment(photo.created_at)} 的照片`, onclick: look }, "查看"),
      h("button", { class: "btn text danger-text", type: "button", "aria-label": `删除 ${moment(photo.created_at)} 的照片`, onclick: (event) => run(event.currentTarget, () => remove(ctx, photo)) }, "删除")));
}

async function withdraw(ctx, text) {
  const sure = await ask({ title: `撤回“${text.title}”？`, body: "撤回后会停止处理，并删除以此为前提的照片。已交给学校的结果会按规定通知学校。", yes: "撤回并删除", danger: true });
  if (!sure) return;
  await tell("DELETE", `/v1/consents/${encodeURIComponent(text.id)}`);
  await forget();
  store.set({ photo: undefined, told: "已撤回，以它为前提的照片已经删除。" });
  await ctx.reload();
}

async function remove(ctx, photo) {
  const sure = await ask({ title: "删除这张照片？", body: "照片和自拍都会从服务器删除，不能恢复；已提交的会一并撤回。", yes: "删除", danger: true });
  if (!sure) return;
  await tell("DELETE", `/v1/photos/${photo.id}`);
  store.set({ told: "照片已删除。", ...(store.get("photo")?.id === photo.id ? { photo: undefined } : {}) });
  await ctx.reload();
}

async function exportAll() {
  const data = await call("GET", "/v1/me/export");
  save(new Blob([JSON.stringify(data, null, 2)], { type: "application/json" }), "我的证件照数据.json");
}

async function erase(ctx) {
  const sure = await ask({ title: "删除全部数据？", body: "照片、提交记录和身份绑定都会删除，不能恢复。之后需要重新登录。", yes: "全部删除", danger: true });
  if (!sure) return;
  await tell("POST", "/v1/me/erase");
  await leave(ctx, "您的数据已全部删除。");
}

/** The session ends on the server too; if it cannot be reached, this device forgets it all the same. */
async function signOut(ctx) {
  await tell("DELETE", "/v1/auth/session").catch(() => undefined);
  await leave(ctx);
}

async function signOutEverywhere(ctx) {
  const sure = await ask({ title: "在所有设备上退出？", body: "您登录过的手机和电脑都要重新登录。照片和资料不受影响。", yes: "全部退出" });
  if (!sure) return;
  await tell("DELETE", "/v1/auth/sessions");
  await leave(ctx, "已在所有设备上退出。");
}

async function leave(ctx, notice) {
  store.signOut();
  await forget();
  ctx.go("signin", { notice, step: undefined });
}
