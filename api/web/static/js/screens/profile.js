/** The form a campaign asks for beside the photo; then the submission itself.

What is typed goes to the server as a draft, where another phone or a PC finds it; here it stays only until it is there. */

import { call, tellLeaving } from "../api.js";
import { busy, h, heading, icon, note } from "../dom.js";
import { schemaForm } from "../form.js";
import { store } from "../store.js";
import { moment } from "../words.js";

const QUIET_MS = 1200;
const AGAIN_MS = 15000;

export async function profile(ctx) {
  const target = store.get("target");
  const base = `/v1/campaigns/${encodeURIComponent(target.id)}`;
  const [campaign, kept] = await Promise.all([call("GET", base, { signal: ctx.signal }), call("GET", `${base}/draft`, { signal: ctx.signal })]);
  const empty = Object.keys(campaign.profile_schema.properties ?? {}).length === 0;
  const state = h("p", { class: "muted small", role: "status" }, kept.saved_at ? `已载入 ${moment(kept.saved_at)} 保存的草稿。` : "填写的内容会自动保存，换手机或电脑也能接着填。");
  const form = schemaForm(campaign.profile_schema, store.draft(target.id) ?? kept.profile, () => keeper.typed());
  const keeper = keep(ctx, { id: target.id, path: `${base}/draft`, form, state });
  if (store.draft(target.id)) keeper.typed();
  const problems = h("div", { class: "list" });
  const button = h("button", { class: "btn primary" }, icon("send"), "提交审核");
  const submit = (event) => {
    event.preventDefault();
    problems.replaceChildren();
    if (form.check().ok) busy(button, () => send(ctx, target, form, keeper)).catch((problem) => refused(ctx, problem, form, problems));
  };
  return [
    heading(empty ? "确认提交" : "填写资料", campaign.name),
    h("form", { class: "list", novalidate: true, onsubmit: submit },
      empty ? note("", "无需填写其他资料", "确认后照片将提交给辅导员审核。") : h("div", { class: "card" }, h("p", { class: "muted small" }, "带 ", h("span", { class: "req" }, "*"), " 的为必填。"), state, form.node),
      problems, h("div", { class: "actions" }, button, h("p", { class: "muted small centre" }, "提交后在审核期间不能修改"))),
  ];
}

/** Save what is typed: here at once, on the server when the hands rest, again while that fails, and when the page goes. */
function keep(ctx, { id, path, form, state }) {
  let timer = null;
  let ended = false;
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(save, ms); };
  const save = async () => {
    timer = null;
    const value = form.value();
    try {
      const { saved_at: at } = await call("PUT", path, { json: { profile: value } });
      if (timer === null && !ended) { store.dropDraft(id); state.textContent = `草稿已保存（${moment(at).slice(11)}）`; }
    } catch (problem) {
      if (ended) return;
      state.textContent = problem.code === "network" ? "暂存在这台设备上，网络恢复后自动保存。" : `草稿没有存到服务器：${problem.message}内容还在这台设备上。`;
      if (timer === null) later(AGAIN_MS);
    }
  };
  const leave = () => { if (timer !== null && !ended) { clearTimeout(timer); timer = null; tellLeaving("PUT", path, { profile: form.value() }); } };
  window.addEventListener("pagehide", leave, { signal: ctx.signal });
  window.addEventListener("online", () => store.draft(id) && !ended && save(), { signal: ctx.signal });
  ctx.signal.addEventListener("abort", () => { leave(); ended = true; }, { once: true });
  return {
    typed: () => { store.saveDraft(id, form.value()); later(QUIET_MS); },
    end: () => { ended = true; clearTimeout(timer); store.dropDraft(id); },
  };
}

async function send(ctx, target, form, keeper) {
  await call("POST", "/v1/submissions", { json: { photo: store.get("photo").id, campaign: target.id, profile: form.value() } });
  keeper.end();
  await ctx.go("done", { replace: true, photo: undefined });
}

function refused(ctx, problem, form, problems) {
  ctx.fail(problem, problems);
  const { homeless } = form.show(problem.errors ?? []);
  if (homeless.length) problems.append(h("ul", { class: "points" }, homeless.map(({ detail }) => h("li", {}, icon("bad"), detail))));
  const way = { photo_not_ready: ["重新拍照", "capture"], photo_wrong_spec: ["重新拍照", "capture"], already_submitted: ["查看审核状态", "done"] }[problem.code];
  if (way) problems.append(h("button", { type: "button", class: "btn", onclick: () => ctx.go(way[1]) }, way[0]));
}
