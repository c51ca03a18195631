/** What the photo is for: a campaign of the school, or just one of the specifications. */

import { call } from "../api.js";
import { busy, h, heading, icon, note, say } from "../dom.js";
import { byGroup, find } from "../search.js";
import { unsent } from "../selfie.js";
import { store } from "../store.js";
import { comesBack, latest, moment, REVIEW, specFacts, WINDOW } from "../words.js";

const FEW = 6;

export async function choose(ctx) {
  const { signal } = ctx;
  const [{ campaigns }, { specs }, { submissions }, waiting] = await Promise.all(
    [...["/v1/campaigns", "/v1/specs", "/v1/submissions"].map((path) => call("GET", path, { signal })), unsent(store.get("owner"))]);
  const wanted = followPoster(ctx, campaigns, specs);
  if (wanted) return wanted;
  const open = waiting ? { target: waiting.target, photo: { sending: true } } : here() ?? (await unfinished(ctx, campaigns, submissions, specs));
  const name = store.get("name");
  return [
    heading(name ? `${name}，您好` : "您好", "这次的照片用在哪里？"),
    open && resume(ctx, open),
    h("section", { class: "list", "aria-labelledby": "batches" }, h("h2", { id: "batches" }, "学校的采集批次"),
      campaigns.length === 0 ? note("", "目前没有进行中的采集", "您可以先按下面的规格拍一张证件照。")
        : h("ul", { class: "list" }, campaigns.map((campaign) => h("li", {}, batch(ctx, campaign, specs, latest(submissions, campaign.id)))))),
    submissions.length > 0 && h("button", { class: "btn plain", type: "button", onclick: (event) => busy(event.currentTarget, () => ctx.go("submissions")) }, icon("clock"), `我的提交与审核（${submissions.length}）`),
    h("section", { class: "list", "aria-labelledby": "formats" }, h("h2", { id: "formats" }, "只拍一张证件照"), catalogue(ctx, specs)),
  ].filter(Boolean);
}

/** A poster's code leads straight to its campaign, once. */
function followPoster(ctx, campaigns, specs) {
  const poster = store.get("poster");
  store.set({ poster: undefined });
  const campaign = poster && campaigns.find(({ id, slug }) => [id, slug].includes(poster));
  if (!campaign) return null;
  ctx.go("brief", aim(campaign, specs));
  return new Promise(() => {});
}

const aim = (campaign, specs) => ({ target: { kind: "campaign", id: campaign.id, name: campaign.name, spec: specs.find(({ id }) => id === campaign.spec) }, photo: undefined });

/** Unfinished work: a selfie that did not get through, or a photo that nobody has looked at or handed in. */
function resume(ctx, open) {
  const { sending } = open.photo;
  const go = () => ctx.go(sending ? "waiting" : "result", open);
  return h("div", { class: "note warn" }, icon("warn"), h("div", {}, h("strong", {}, sending ? "有一张照片还没有上传" : "有一张照片还没有完成"), h("span", {}, open.target.name),
    h("button", { class: "btn text", type: "button", onclick: (event) => busy(event.currentTarget, go) }, "继续")));
}

/** What this tab was at; a photo that was only looked at again is nothing to go on with. */
const here = () => (store.get("photo")?.id && !store.get("photo").look && store.get("target") ? { target: store.get("target"), photo: store.get("photo") } : null);

/** What the server has of it, after the tab was closed or on another device: the newest photo that is still to be handed in. */
async function unfinished(ctx, campaigns, submissions, specs) {
  const waiting = campaigns.filter(({ id, window, bound }) => bound && window === "open" && (!latest(submissions, id) || comesBack(latest(submissions, id))));
  if (waiting.length === 0) return null;
  const { photos } = await call("GET", "/v1/photos", { signal: ctx.signal });
  const found = photos.find(({ id, state, campaign }) => ["queued", "rendering", "ready"].includes(state)
    && waiting.some((one) => one.id === campaign) && !submissions.some(({ photo }) => photo === id));
  return found ? { ...aim(waiting.find(({ id }) => id === found.campaign), specs), photo: { id: found.id } } : null;
}

function batch(ctx, campaign, specs, submission) {
  const badge = submission ? REVIEW[submission.state] : WINDOW[campaign.window];
  const spec = specs.find((one) => one.id === campaign.spec);
  const times = campaign.window === "not_open" ? `${moment(campaign.starts_at)} 开始` : `截止 ${moment(campaign.ends_at)}`;
  return h("button", { class: "pick", type: "button", onclick: () => ctx.go("brief", aim(campaign, specs)) },
    h("span", { class: "line" }, h("strong", {}, campaign.name), h("span", { class: `chip ${badge.kind}` }, badge.label)),
    h("span", { class: "muted small num" }, times),
    spec && h("span", { class: "facts" }, specFacts(spec).map((fact) => h("span", { class: "chip" }, fact))));
}

/** The first few of them, all on demand, or what fits the words typed. */
function catalogue(ctx, specs) {
  const list = h("div", { class: "list" });
  const search = h("input", { type: "search", id: "search", placeholder: "名称、拼音首字母、地区或像素", autocomplete: "off", oninput: () => fill(search.value) });
  const all = () => { list.replaceChildren(...byGroup(specs).flatMap(([name, members]) => [h("h3", { class: "muted small" }, name), rows(members)])); list.querySelector("button").focus(); };
  const more = h("button", { class: "btn", type: "button", onclick: all }, `全部 ${specs.length} 个规格`);
  const rows = (found) => h("ul", { class: "rows" }, found.map((spec) => h("li", {}, row(ctx, spec))));
  const fill = (text) => {
    const found = find(specs, text);
    if (!text.trim()) list.replaceChildren(rows(byGroup(specs).flatMap(([, members]) => members).slice(0, FEW)), more);
    else list.replaceChildren(found.length ? rows(found) : h("p", { class: "card muted" }, "没有找到。换个词试试，例如“一寸”“xlzp”。"));
    if (text) say(`找到 ${found.length} 个规格`);
  };
  fill("");
  return h("div", { class: "list" }, h("div", { class: "search" }, h("label", { class: "sr", for: "search" }, "搜索规格"), icon("search"), search), list);
}

function row(ctx, spec) {
  return h("button", { class: "pick", type: "button", onclick: () => ctx.go("brief", { target: { kind: "spec", id: spec.id, name: spec.name, spec }, photo: undefined }) },
    h("span", { class: "line" }, h("strong", {}, spec.name), icon("right")),
    h("span", { class: "muted small num" }, specFacts(spec).join(" · ")));
}
