/** The form a campaign asks for beside the photo; then the submission itself. */

import { call } from "../api.js";
import { busy, h, heading, icon, note } from "../dom.js";
import { schemaForm } from "../form.js";
import { store } from "../store.js";

export async function profile(ctx) {
  const target = store.get("target");
  const campaign = await call("GET", `/v1/campaigns/${encodeURIComponent(target.id)}`, { signal: ctx.signal });
  const form = schemaForm(campaign.profile_schema, store.draft(target.id), () => store.saveDraft(target.id, form.value()));
  const problems = h("div", { class: "list" });
  const button = h("button", { class: "btn primary" }, icon("send"), "提交审核");
  const submit = (event) => {
    event.preventDefault();
    problems.replaceChildren();
    if (form.check().ok) busy(button, () => send(ctx, target, form)).catch((problem) => refused(ctx, problem, form, problems));
  };
  const empty = Object.keys(campaign.profile_schema.properties ?? {}).length === 0;
  return [
    heading(empty ? "确认提交" : "填写资料", target.name),
    h("form", { class: "list", novalidate: true, onsubmit: submit },
      empty ? note("", "无需填写其他资料", "确认后照片将提交给辅导员审核。") : h("div", { class: "card" }, h("p", { class: "muted small" }, "带 ", h("span", { class: "req" }, "*"), " 的为必填。填写的内容会暂存在本页，刷新也不会丢失。"), form.node),
      problems, h("div", { class: "actions" }, button, h("p", { class: "muted small centre" }, "提交后在审核期间不能修改"))),
  ];
}

async function send(ctx, target, form) {
  await call("POST", "/v1/submissions", { json: { photo: store.get("photo").id, campaign: target.id, profile: form.value() } });
  await ctx.go("done", { replace: true, photo: undefined });
}

function refused(ctx, problem, form, problems) {
  ctx.fail(problem, problems);
  const { homeless } = form.show(problem.errors ?? []);
  if (homeless.length) problems.append(h("ul", { class: "points" }, homeless.map(({ detail }) => h("li", {}, icon("bad"), detail))));
  const way = { photo_not_ready: ["重新拍照", "capture"], photo_wrong_spec: ["重新拍照", "capture"], already_submitted: ["查看审核状态", "done"] }[problem.code];
  if (way) problems.append(h("button", { type: "button", class: "btn", onclick: () => ctx.go(way[1]) }, way[0]));
}
