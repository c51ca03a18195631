/** The way in: unfinished work, the school's campaigns, every specification, and the student's own corner. */

const api = require("../../services/api");
const flow = require("../../services/flow");
const session = require("../../services/session");
const { isDevelopment } = require("../../config");
const { codeIn } = require("../../lib/device-code");
const { screen } = require("../../lib/screen");
const { arranged, search } = require("../../lib/search");
const { latest, moment, specFacts, REVIEW, WINDOW } = require("../../lib/words");

const FEW = 8;

Page(screen({
  data: { loading: true, byName: false, developer: "", campaigns: null, specs: [], found: 0, typed: "", all: false, underWay: null },

  onLoad(query) {
    this.poster = query.scene ? decodeURIComponent(query.scene) : "";
    const device = codeIn(decodeURIComponent(query.q || ""));
    if (device) wx.navigateTo({ url: `/pages/device/device?code=${device}` });
  },

  onShow() {
    this.setData({ underWay: flow.isUnderWay() ? flow.state().target.name : null });
    return this.load();
  },

  onPullDownRefresh() {
    return this.load().finally(() => wx.stopPullDownRefresh());
  },

  onShareAppMessage: () => ({ title: "校园证件照：自拍一张，马上知道合不合格", path: "/pages/home/home" }),

  async load() {
    try {
      await this.loadSpecs();
      await this.loadCampaigns();
    } catch (fault) {
      this.setData({ byName: isDevelopment() && ["wechat_unavailable", "wechat_bad_code", "no_login_code"].includes(fault.code) });
      if (!this.data.byName) this.fail(fault);
    } finally {
      this.setData({ loading: false });
    }
  },

  async loadSpecs() {
    if (!this.specs) this.specs = arranged(await api.listSpecs());
    this.showSpecs();
  },

  async loadCampaigns() {
    const [campaigns, submissions] = await Promise.all([api.listCampaigns(), api.listSubmissions()]);
    this.setData({ campaigns: campaigns.map((one) => campaignRow(one, latest(submissions, one.id))), problem: null, byName: false });
    this.followPoster(campaigns);
  },

  /** A class poster's code leads straight to its campaign, once. */
  followPoster(campaigns) {
    const wanted = campaigns.find((one) => [one.id, one.slug].includes(this.poster));
    this.poster = "";
    if (wanted) wx.navigateTo({ url: `/pages/campaign/campaign?id=${wanted.id}` });
  },

  showSpecs() {
    const found = search(this.specs, this.data.typed);
    const shown = this.data.all || this.data.typed ? found : found.slice(0, FEW);
    this.setData({ specs: shown.map(specRow), found: found.length });
  },

  onSearch({ detail }) {
    this.setData({ typed: detail.value });
    this.showSpecs();
  },

  onAll() {
    this.setData({ all: true });
    this.showSpecs();
  },

  onCampaign({ currentTarget }) {
    wx.navigateTo({ url: `/pages/campaign/campaign?id=${currentTarget.dataset.id}` });
  },

  onSpec({ currentTarget }) {
    wx.navigateTo({ url: `/pages/campaign/campaign?spec=${currentTarget.dataset.id}` });
  },

  onResume: () => wx.navigateTo({ url: flow.page() }),
  onSubmissions: () => wx.navigateTo({ url: "/pages/submissions/submissions" }),
  onDevice: () => wx.navigateTo({ url: "/pages/device/device" }),
  onPrivacy: () => wx.navigateTo({ url: "/pages/privacy/privacy" }),

  onName({ detail }) {
    this.setData({ developer: detail.value });
  },

  onEnter() {
    const name = this.data.developer.trim();
    if (!name) return undefined;
    return this.run("enter", async () => {
      await session.signInByName(name);
      await this.loadCampaigns();
    });
  },
}));

function campaignRow({ id, name, window, starts_at: starts, ends_at: ends }, submission) {
  const badge = submission ? REVIEW[submission.state] : WINDOW[window];
  const when = window === "not_open" ? `${moment(starts)} 开始` : `${moment(ends)} 截止`;
  return { id, name, when, label: badge.label, tone: badge.tone };
}

function specRow(spec) {
  return { id: spec.id, name: spec.name, region: spec.region, facts: specFacts(spec).join(" · ") };
}
