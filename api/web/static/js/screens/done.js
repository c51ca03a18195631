/** One campaign after confirming: where the review stands, why it came back, and the way to retake. */

import { call } from "../api.js";
import { busy, h, heading, icon, note } from "../dom.js";
import { store } from "../store.js";
import { comesBack, latest, moment, REVIEW, reviewReason } from "../words.js";

export async function done(ctx) {
  const target = store.get("target");
  const [{ submissions }, campaign] = await Promise.all([
    call("GET", "/v1/submissions", { signal: ctx.signal }), call("GET", `/v1/campaigns/${encodeURIComponent(target.id)}`, { signal: ctx.signal })]);
  const mine = latest(submissions, target.id);
  if (!mine) {
    ctx.go("brief", { replace: true });
    return new Promise(() => {});
  }
  return [heading(REVIEW[mine.state].title, target.name), card(mine), actions(ctx, mine, campaign)];
}

function card(mine) {
  const review = REVIEW[mine.state];
  const facts = [["提交时间", moment(mine.created_at)], mine.decided_at && ["审核时间", moment(mine.decided_at)], ["编号", mine.id]].filter(Boolean);
  return h("div", { class: "card" },
    h("div", { class: `pulse still ${review.kind}` }, icon({ good: "ok", bad: "bad", warn: "clock" }[review.kind])),
    h("p", { class: "centre" }, h("span", { class: `chip ${review.kind}` }, review.label)),
    mine.reason ? note("bad", "原因", reviewReason(mine.reason)) : h("p", { class: "centre muted" }, review.body),
    h("dl", { class: "kv small num" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
}

function actions(ctx, mine, campaign) {
  const back = comesBack(mine);
  const open = campaign.window === "open";
  return h("div", { class: "actions" },
    back && !open && note("warn", "采集已截止", "现在不能再提交，请联系辅导员。"),
    back && open && h("button", { class: "btn primary", type: "button", onclick: () => ctx.go(campaign.bound ? "capture" : "identity", { photo: undefined }) }, icon("camera"), "重新拍照"),
    mine.state === "submitted" && h("button", { class: "btn", type: "button", onclick: (event) => busy(event.currentTarget, ctx.reload) }, "刷新审核结果"),
    h("button", { class: "btn plain", type: "button", onclick: () => ctx.go("choose", { photo: undefined }) }, "回到首页"),
    h("button", { class: "btn text", type: "button", onclick: () => ctx.go("record") }, "学籍信息有误？告诉老师"));
}
