/** Everything the student has submitted, and what became of it. */

import { call } from "../api.js";
import { busy, h, heading, note } from "../dom.js";
import { comesBack, latest, moment, newestFirst, REVIEW, reviewReason } from "../words.js";

export async function submissions(ctx) {
  const [{ submissions: all }, { campaigns }] = await Promise.all(["/v1/submissions", "/v1/campaigns"].map((path) => call("GET", path, { signal: ctx.signal })));
  return [
    heading("我的提交与审核"),
    all.length === 0 ? note("", "还没有提交过照片", "照片合格后，在“确认提交”里交给辅导员。")
      : h("ul", { class: "list" }, newestFirst(all).map((one) => h("li", {}, row(ctx, one, campaigns.find(({ id }) => id === one.campaign), latest(all, one.campaign) === one)))),
    all.length > 0 && h("button", { class: "btn plain", type: "button", onclick: (event) => busy(event.currentTarget, ctx.reload) }, "刷新审核结果"),
  ].filter(Boolean);
}

/** Only the newest of a campaign can be taken again. */
function row(ctx, submission, campaign, newest) {
  const review = REVIEW[submission.state];
  const back = comesBack(submission) && newest;
  const open = campaign?.window === "open";
  const look = () => ctx.go("done", { target: { kind: "campaign", id: campaign.id, name: campaign.name }, photo: undefined });
  return h("section", { class: "card" },
    h("div", { class: "item-head" }, h("h2", {}, campaign?.name ?? "采集批次"), h("span", { class: `chip ${review.kind}` }, review.label)),
    h("p", { class: "muted" }, reviewReason(submission.reason) || review.body),
    h("p", { class: "muted small num" }, `提交 ${moment(submission.created_at)}`, submission.decided_at ? ` · 审核 ${moment(submission.decided_at)}` : ""),
    back && !open && note("warn", "采集已截止", "现在不能再提交，请联系辅导员。"),
    newest && campaign && h("button", { class: back && open ? "btn primary" : "btn", type: "button", onclick: look }, back && open ? "查看并重新拍照" : "查看"));
}
