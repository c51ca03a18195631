/** What was submitted, where its review stands, why it came back, and the way to retake. */

const api = require("../../services/api");
const { screen } = require("../../lib/screen");
const { subscribe, wanted } = require("../../lib/notices");
const { moment, reviewReason, REVIEW } = require("../../lib/words");

Page(screen({
  data: { loading: true, fresh: false, submissions: null, offered: false, told: "" },

  onLoad(query) {
    this.setData({ fresh: Boolean(query.fresh) });
  },

  onShow() {
    return Promise.all([this.load(), this.offer()]);
  },

  /** The templates must be known before the tap: WeChat asks its question from a tap only. */
  async offer() {
    this.templates = wanted(await api.listNotices().catch(() => []));
    this.setData({ offered: this.templates.length > 0 });
  },

  async onNotify() {
    const accepted = await subscribe(this.templates);
    if (accepted.length === 0) return this.setData({ told: "没有开启提醒，您可以随时回到这里查看结果。" });
    return this.run("notify", async () => {
      await api.agreeToNotices(accepted);
      this.setData({ offered: false, told: "有审核结果时，微信会通知您。" });
    });
  },

  onPullDownRefresh() {
    return this.load().finally(() => wx.stopPullDownRefresh());
  },

  async load() {
    try {
      const [submissions, campaigns] = await Promise.all([api.listSubmissions(), api.listCampaigns()]);
      const newest = submissions.sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
      this.setData({ submissions: newest.map((one, index) => row(one, campaigns, newest.slice(0, index))), problem: null });
    } catch (fault) {
      this.fail(fault);
    } finally {
      this.setData({ loading: false });
    }
  },

  onRefresh() {
    return this.run("refresh", () => this.load());
  },

  onAgain({ currentTarget }) {
    wx.navigateTo({ url: `/pages/campaign/campaign?id=${currentTarget.dataset.campaign}` });
  },

  onHome() {
    wx.reLaunch({ url: "/pages/home/home" });
  },
}));

/** One submission as the student reads it; only the newest of a campaign can be taken again. */
function row(submission, campaigns, newer) {
  const campaign = campaigns.find((one) => one.id === submission.campaign);
  const { label, tone, title, detail } = REVIEW[submission.state];
  const last = !newer.some((one) => one.campaign === submission.campaign);
  const back = ["returned", "revoked"].includes(submission.state) && last;
  const open = Boolean(campaign && campaign.window === "open");
  return {
    id: submission.id,
    campaign: submission.campaign,
    name: campaign ? campaign.name : "采集批次",
    label,
    tone,
    title,
    detail: reviewReason(submission.reason) || detail,
    at: moment(submission.created_at),
    decided: submission.decided_at ? moment(submission.decided_at) : "",
    again: back && open,
    late: back && !open,
  };
}
