/** One campaign, or one specification alone: its window, what is asked, and the way to the camera. */

const api = require("../../services/api");
const clock = require("../../services/clock");
const flow = require("../../services/flow");
const { screen } = require("../../lib/screen");
const { countdown, latest, moment, reviewReason, shootingRules, shown, specFacts, REVIEW, WINDOW } = require("../../lib/words");

Page(screen({
  data: { loading: true, target: null, window: null, countdown: "", facts: [], rules: [], asked: [], review: null, button: "" },

  onLoad(query) {
    this.wanted = query.scene ? { id: decodeURIComponent(query.scene) } : query;
    wx.setNavigationBarTitle({ title: query.spec ? "照片规格" : "采集批次" });
  },

  onShow() {
    return this.load();
  },

  onHide() {
    clearInterval(this.timer);
  },

  onUnload() {
    clearInterval(this.timer);
  },

  async load() {
    try {
      if (this.wanted.spec) await this.loadSpec();
      else await this.loadCampaign();
    } catch (fault) {
      this.fail(fault);
    } finally {
      this.setData({ loading: false });
    }
  },

  async loadSpec() {
    const spec = await api.getSpec(this.wanted.spec);
    this.show({ kind: "spec", id: spec.id, name: spec.name }, spec);
    this.setData({ button: "开始拍照" });
  },

  async loadCampaign() {
    const id = this.wanted.id || (flow.state().target || {}).id;
    const [campaign, submissions] = await Promise.all([api.getCampaign(id), api.listSubmissions()]);
    this.campaign = campaign;
    this.show({ kind: "campaign", id: campaign.id, name: campaign.name }, await api.getSpec(campaign.spec));
    this.setData({ asked: askedOf(campaign.profile_schema), review: reviewOf(latest(submissions, campaign.id)) });
    this.tick();
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), 1000);
  },

  show(target, spec) {
    this.target = { ...target, spec: spec.id, background: spec.background, shown: shown(spec) };
    this.setData({ target, facts: specFacts(spec), rules: shootingRules(spec) });
  },

  /** The window by the server's clock; the server has the last word when something is sent. */
  tick() {
    const { starts_at: starts, ends_at: ends } = this.campaign;
    const now = clock.now();
    const state = now < Date.parse(starts) ? "not_open" : now <= Date.parse(ends) + 999 ? "open" : "closed";
    const left = (state === "not_open" ? Date.parse(starts) : Date.parse(ends) + 999) - now;
    this.setData({
      window: { ...WINDOW[state], state, from: moment(starts), to: moment(ends) },
      countdown: state === "closed" ? "" : countdown(left),
      button: this.button(state),
    });
  },

  button(state) {
    const review = this.data.review;
    if (review && !review.again) return "查看审核状态";
    if (state !== "open") return "";
    return review ? "重新拍照" : "开始拍照";
  },

  onReport() {
    wx.navigateTo({ url: `/pages/record/record?id=${this.campaign.id}` });
  },

  /** Consents first, then who the student is, then the camera. */
  onBegin() {
    const review = this.data.review;
    if (review && !review.again) return wx.navigateTo({ url: "/pages/submissions/submissions" });
    return this.run("begin", () => this.begin());
  },

  async begin() {
    const consents = await api.listConsents();
    flow.happen("choose", { target: this.target });
    const bound = this.target.kind === "spec" || this.campaign.bound;
    const next = flow.happen(bound ? "need_photo" : "need_identity");
    const missing = consents.some((text) => !text.given_at);
    wx.navigateTo({ url: missing ? `/pages/consent/consent?next=${next}` : next });
  },
}));

/** The titles of what the form asks, required ones first. */
function askedOf(schema) {
  const required = schema.required || [];
  const parts = Object.entries(schema.properties || {});
  const title = ([name, part]) => ({ name, title: part.title || name, required: required.includes(name) });
  return parts.map(title).sort((a, b) => Number(b.required) - Number(a.required));
}

function reviewOf(submission) {
  if (!submission) return null;
  const { label, tone, title } = REVIEW[submission.state];
  return { label, tone, title, reason: reviewReason(submission.reason), again: ["returned", "revoked"].includes(submission.state) };
}
