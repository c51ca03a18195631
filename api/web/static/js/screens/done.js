/** After confirming: where the review stands, why it came back, and the way to retake. */

import { call } from "../api.js";
import { busy, h, heading, icon, note } from "../dom.js";
import { store } from "../store.js";
import { moment, REVIEW } from "../words.js";

const REASONS = { photo_erased: "照片已按您的要求删除。" };

export async function done(ctx) {
  const target = store.get("target");
  const [{ submissions }, campaign] = await Promise.all([
    call("GET", "/v1/submissions", { signal: ctx.signal }), call("GET", `/v1/campaigns/${encodeURIComponent(target.id)}`, { signal: ctx.signal })]);
  const [mine] = submissions.filter((one) => one.campaign === target.id).sort((a, b) => b.created_at.localeCompare(a.created_at));
  if (!mine) {
    ctx.go(campaign.bound ? "capture" : "identity", { replace: true });
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
    mine.reason ? note("bad", "原因", REASONS[mine.reason] ?? mine.reason) : h("p", { class: "centre muted" }, review.body),
    h("dl", { class: "kv small num" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
}

function actions(ctx, mine, campaign) {
  const retake = () => ctx.go("capture", { photo: undefined });
  const problem = campaign.window !== "open" && mine.state === "returned" && note("warn", "采集已截止", "现在不能再提交，请联系辅导员。");
  return h("div", { class: "actions" }, problem,
    ["returned", "revoked"].includes(mine.state) && campaign.window === "open" && h("button", { class: "btn primary", onclick: retake }, icon("camera"), "重新拍照"),
    mine.state === "submitted" && h("button", { class: "btn", onclick: (event) => busy(event.currentTarget, ctx.reload) }, "刷新审核结果"),
    h("button", { class: "btn plain", onclick: () => ctx.go("choose", { photo: undefined }) }, "回到首页"));
}
