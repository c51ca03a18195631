/** The student's rights: take the data along, withdraw a consent, erase everything, sign out. */

import { call, tell } from "../api.js";
import { ask, busy, h, heading, icon, save } from "../dom.js";
import { store } from "../store.js";
import { moment } from "../words.js";

export async function me(ctx) {
  const { consents } = await call("GET", "/v1/consents", { signal: ctx.signal });
  const given = consents.filter((text) => text.given_at);
  const problems = h("div");
  const run = (button, work) => busy(button, work).catch((problem) => ctx.fail(problem, problems));
  return [
    heading("我的数据", "您的照片和信息由您做主。"), problems,
    h("section", { class: "card" }, h("h2", {}, "已同意的内容"),
      given.length === 0 ? h("p", { class: "muted" }, "目前没有。") : h("ul", { class: "list" }, given.map((text) => row(ctx, text, run)))),
    h("section", { class: "card" }, h("h2", {}, "导出与删除"),
      h("button", { class: "btn", onclick: (event) => run(event.currentTarget, exportAll) }, icon("save"), "导出我的数据"),
      h("button", { class: "btn danger", onclick: (event) => run(event.currentTarget, () => erase(ctx)) }, "删除我的全部数据")),
    h("button", { class: "btn plain", onclick: (event) => busy(event.currentTarget, () => signOut(ctx)) }, "退出登录"),
  ];
}

function row(ctx, text, run) {
  return h("li", { class: "item" }, h("strong", {}, text.title),
    h("span", { class: "muted small num" }, `版本 ${text.version} · ${moment(text.given_at)}`),
    h("button", { class: "btn text", onclick: (event) => run(event.currentTarget, () => withdraw(ctx, text)) }, "撤回同意"));
}

async function withdraw(ctx, text) {
  const sure = await ask({ title: `撤回“${text.title}”？`, body: "撤回后会停止处理，并删除以此为前提的照片。已交给学校的结果会按规定通知学校。", yes: "撤回并删除", danger: true });
  if (!sure) return;
  await tell("DELETE", `/v1/consents/${encodeURIComponent(text.id)}`);
  store.set({ photo: undefined });
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
  leave(ctx, "您的数据已全部删除。");
}

/** The session ends on the server too; if it cannot be reached, this phone forgets it all the same. */
async function signOut(ctx) {
  await tell("DELETE", "/v1/auth/session").catch(() => undefined);
  leave(ctx);
}

function leave(ctx, notice) {
  store.signOut();
  ctx.go("signin", { notice, step: undefined });
}
