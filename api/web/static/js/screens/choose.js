/** What the photo is for: a campaign of the school, or just one of the specifications. */

import { call } from "../api.js";
import { h, heading, icon, note, say } from "../dom.js";
import { byGroup, find } from "../search.js";
import { store } from "../store.js";
import { moment, REVIEW, specFacts } from "../words.js";

export async function choose(ctx) {
  const { signal } = ctx;
  const [{ campaigns }, { specs }, { submissions }] = await Promise.all(
    ["/v1/campaigns", "/v1/specs", "/v1/submissions"].map((path) => call("GET", path, { signal })));
  const name = store.get("name");
  return [
    heading(name ? `${name}，您好` : "您好", "这次的照片用在哪里？"),
    h("section", { class: "list", "aria-labelledby": "batches" }, h("h2", { id: "batches" }, "学校的采集批次"),
      campaigns.length === 0 ? note("", "目前没有进行中的采集", "您可以先按下面的规格拍一张证件照。")
        : h("ul", { class: "list" }, campaigns.map((campaign) => h("li", {}, batch(ctx, campaign, specs, latest(submissions, campaign)))))),
    h("section", { class: "list", "aria-labelledby": "formats" }, h("h2", { id: "formats" }, "只拍一张证件照"), catalogue(ctx, specs)),
  ];
}

const latest = (submissions, campaign) =>
  submissions.filter((one) => one.campaign === campaign.id).sort((a, b) => b.created_at.localeCompare(a.created_at))[0];

function batch(ctx, campaign, specs, submission) {
  const spec = specs.find((one) => one.id === campaign.spec);
  const review = submission && REVIEW[submission.state];
  const closed = campaign.window !== "open" && !submission;
  return h("button", { class: "pick", type: "button", disabled: closed, onclick: () => start(ctx, campaign, spec, submission) },
    h("span", { class: "line" }, h("strong", {}, campaign.name), review ? h("span", { class: `chip ${review.kind}` }, review.label) : window_(campaign)),
    h("span", { class: "muted small num" }, campaign.window === "open" ? `截止 ${moment(campaign.ends_at)}` : `${moment(campaign.starts_at)} 至 ${moment(campaign.ends_at)}`),
    spec && h("span", { class: "facts" }, specFacts(spec).map((fact) => h("span", { class: "chip" }, fact))));
}

function window_(campaign) {
  const [words, kind] = { open: ["进行中", "good"], not_open: ["未开始", ""], closed: ["已截止", ""] }[campaign.window];
  return h("span", { class: `chip ${kind}` }, words);
}

function start(ctx, campaign, spec, submission) {
  const target = { kind: "campaign", id: campaign.id, name: campaign.name, spec };
  store.set({ target, photo: undefined });
  if (submission) return ctx.go("done");
  return ctx.go(campaign.bound ? "capture" : "identity");
}

function catalogue(ctx, specs) {
  const list = h("div", { class: "list" });
  const search = h("input", { type: "search", id: "search", placeholder: "名称、拼音首字母、地区或像素", autocomplete: "off", oninput: () => fill(search.value) });
  const rows = (found) => h("ul", { class: "rows" }, found.map((spec) => h("li", {}, row(ctx, spec))));
  const fill = (text) => {
    const found = find(specs, text);
    if (!text.trim()) list.replaceChildren(...byGroup(found).flatMap(([name, members]) => [h("h3", { class: "muted small" }, name), rows(members)]));
    else list.replaceChildren(found.length ? rows(found) : h("p", { class: "card muted" }, "没有找到。换个词试试，例如“一寸”“xlzp”。"));
    if (text) say(`找到 ${found.length} 个规格`);
  };
  fill("");
  return h("div", { class: "list" }, h("div", { class: "search" }, h("label", { class: "sr", for: "search" }, "搜索规格"), icon("search"), search), list);
}

function row(ctx, spec) {
  return h("button", { class: "pick", type: "button", onclick: () => ctx.go("capture", { target: { kind: "spec", id: spec.id, name: spec.name, spec }, photo: undefined }) },
    h("span", { class: "line" }, h("strong", {}, spec.name), icon("right")),
    h("span", { class: "muted small num" }, specFacts(spec).join(" · ")));
}
