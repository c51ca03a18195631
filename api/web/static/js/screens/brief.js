/** One campaign, or one specification alone: its window, what is asked, and the way to the camera. */

import { call, now } from "../api.js";
import { busy, h, heading, icon, note } from "../dom.js";
import { store } from "../store.js";
import { background, comesBack, countdown, latest, moment, REVIEW, reviewReason, shootingRules, specFacts, WINDOW } from "../words.js";

const LAST_SECOND_MS = 999;

export function brief(ctx) {
  const target = store.get("target");
  return target.kind === "spec" ? ofSpec(ctx, target) : ofCampaign(ctx, target);
}

function ofSpec(ctx, target) {
  const { spec } = target;
  const several = spec.backgrounds?.length > 1;
  return [
    heading(spec.name, [spec.region, spec.use].filter(Boolean).join(" · ")),
    requirements(spec, several ? specFacts(spec).slice(0, -1) : specFacts(spec)),
    several && colours(target),
    h("div", { class: "actions" },
      h("button", { class: "btn primary", type: "button", onclick: () => ctx.go("capture") }, icon("camera"), "开始拍照"),
      h("p", { class: "muted small centre" }, "只做一张照片保存，不提交给学校。")),
  ].filter(Boolean);
}

async function ofCampaign(ctx, target) {
  const [campaign, { submissions }] = await Promise.all([
    call("GET", `/v1/campaigns/${encodeURIComponent(target.id)}`, { signal: ctx.signal }), call("GET", "/v1/submissions", { signal: ctx.signal })]);
  const mine = latest(submissions, campaign.id);
  const spec = target.spec ?? (await call("GET", `/v1/specs/${encodeURIComponent(campaign.spec)}`, { signal: ctx.signal }));
  store.set({ target: { kind: "campaign", id: campaign.id, name: campaign.name, spec } });
  const button = h("div", { class: "actions" });
  const handedIn = mine && !comesBack(mine);
  return [
    heading(campaign.name),
    clock(ctx, campaign, (state) => button.replaceChildren(...way(ctx, campaign, mine, state))),
    mine && note(REVIEW[mine.state].kind, REVIEW[mine.state].title, reviewReason(mine.reason) || `提交时间 ${moment(mine.created_at)}`),
    !handedIn && requirements(spec, specFacts(spec)), !handedIn && asked(campaign.profile_schema), button,
    h("button", { class: "btn text", type: "button", onclick: () => ctx.go("record") }, "学籍信息有误？告诉老师"),
  ].filter(Boolean);
}

/** The window by the server's clock, second by second; the server has the last word when something is sent. */
function clock(ctx, campaign, turned) {
  const starts = Date.parse(campaign.starts_at);
  const ends = Date.parse(campaign.ends_at) + LAST_SECOND_MS;
  const chip = h("span", { class: "chip" });
  const line = h("span", { class: "muted small" });
  const big = h("p", { class: "big num", role: "timer" });
  let last = "";
  const tick = () => {
    const at = now();
    const state = at < starts ? "not_open" : at <= ends ? "open" : "closed";
    big.textContent = state === "closed" ? "" : countdown((state === "open" ? ends : starts) - at);
    big.hidden = state === "closed";
    if (state === last) return;
    last = state;
    chip.className = `chip ${WINDOW[state].kind}`;
    chip.textContent = WINDOW[state].label;
    line.textContent = { open: "距离截止还有", not_open: "距离开始还有", closed: "采集已经截止，不能再提交。请联系辅导员。" }[state];
    turned(state);
  };
  tick();
  const timer = setInterval(tick, 1000);
  ctx.signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  return h("div", { class: "card window" }, h("div", { class: "line" }, line, chip), big,
    h("p", { class: "muted small num" }, `${moment(campaign.starts_at)} 至 ${moment(campaign.ends_at)}（北京时间）`));
}

function way(ctx, campaign, mine, state) {
  if (mine && !comesBack(mine)) return [h("button", { class: "btn primary", type: "button", onclick: () => ctx.go("done") }, "查看审核状态")];
  if (state !== "open") return [];
  const next = campaign.bound ? "capture" : "identity";
  const go = (event) => busy(event.currentTarget, () => ctx.go(next, { photo: undefined }));
  return [h("button", { class: "btn primary", type: "button", onclick: go }, icon("camera"), mine ? "重新拍照" : "开始拍照")];
}

function requirements(spec, facts) {
  return h("section", { class: "card", "aria-labelledby": "rules" }, h("h2", { id: "rules" }, "照片要求"),
    h("div", { class: "facts" }, facts.map((fact) => h("span", { class: "chip" }, fact))),
    h("ul", { class: "points" }, shootingRules(spec).map((text) => h("li", {}, icon("check"), h("span", {}, text)))));
}

/** What the form will ask for, the required first, so that nobody is surprised after the photo. */
function asked(schema) {
  const must = new Set(schema.required ?? []);
  const parts = Object.entries(schema.properties ?? {}).sort(([a], [b]) => Number(must.has(b)) - Number(must.has(a)));
  if (parts.length === 0) return null;
  return h("section", { class: "card", "aria-labelledby": "asked" }, h("h2", { id: "asked" }, "还要填写"),
    h("ul", { class: "facts" }, parts.map(([name, part]) => h("li", { class: "chip" }, part.title ?? name, must.has(name) ? "" : "（选填）"))));
}

/** Which of the spec's colours is painted behind the person. */
function colours(target) {
  const { spec } = target;
  const pick = (colour) => store.set({ target: { ...store.get("target"), background: colour } });
  const chosen = target.background ?? spec.background;
  const option = (colour, index) => {
    const swatch = h("i", { class: "swatch", "aria-hidden": "true" });
    swatch.style.backgroundColor = colour;
    return h("label", { class: "tick", for: `colour-${index}` },
      h("input", { type: "radio", name: "colour", id: `colour-${index}`, value: colour, checked: colour === chosen, onchange: () => pick(colour) }), swatch, background(colour));
  };
  return h("div", { class: "card" }, h("fieldset", { class: "colours" }, h("legend", { class: "legend" }, "背景颜色"), spec.backgrounds.map(option)));
}
