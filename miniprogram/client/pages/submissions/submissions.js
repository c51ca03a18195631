/** What was submitted, where its review stands, why it came back, and the way to retake. */

const api = require("../../services/api");
const { screen } = require("../../lib/screen");
const { moment, reviewReason, REVIEW } = require("../../lib/words");

Page(screen({
  data: { loading: true, fresh: false, submissions: null },

  onLoad(query) {
    this.setData({ fresh: Boolean(query.fresh) });
  },

  onShow() {
    return this.load();
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
