/** The verdict: the photo with its facts, or the reasons with what to do about each. */

const api = require("../../services/api");
const flow = require("../../services/flow");
const files = require("../../lib/photo-file");
const { screen } = require("../../lib/screen");
const { photoFacts } = require("../../lib/words");

const SAVED = {
  saved: { tone: "good", title: "已保存到相册", detail: "相册会给照片另起名字；需要按学校要求命名的文件，请用“发送原文件”。" },
  cancelled: null,
  settings: { tone: "warn", title: "还没有允许保存到相册", detail: "请在设置里打开“添加到相册”，再回来保存。", settings: true },
  privacy: { tone: "warn", title: "需要您先同意隐私指引", detail: "同意后才能把照片保存到相册。" },
  failed: { tone: "bad", title: "没有保存成功", detail: "请检查手机存储空间，或使用“发送原文件”。" },
};

Page(screen({
  data: { loading: true, state: "", campaign: false, picture: "", facts: [], findings: [], warnings: [], mishap: null, outcome: null, canShare: false },

  onShow() {
    if (flow.isAt("profile")) flow.happen("back");
    if (!flow.isAt("result")) return wx.redirectTo({ url: flow.page() });
    return this.data.picture ? undefined : this.load();
  },

  onUnload() {
    files.discard(this.data.picture);
  },

  async load() {
    try {
      await this.show(await api.readPhoto(flow.state().photo.id).catch(gone));
    } catch (fault) {
      this.fail(fault);
    } finally {
      this.setData({ loading: false });
    }
  },

  async show(photo) {
    if (["queued", "rendering"].includes(photo.state)) return wx.redirectTo({ url: flow.happen("again") });
    const { target } = flow.state();
    this.setData({ campaign: target.kind === "campaign", canShare: files.canShareFile(), ...shown(photo, target) });
    return photo.state === "ready" ? this.fetch(photo.id) : undefined;
  },

  async fetch(id) {
    const { path, name } = await files.fetchPhoto(id);
    this.name = name;
    this.setData({ picture: path });
  },

  onSave() {
    return this.run("save", async () => {
      this.setData({ outcome: SAVED[await files.saveToAlbum(this.data.picture)] });
    });
  },

  /** Settings open from the tap itself; WeChat allows nothing else. */
  async onSettings() {
    if (await files.openSettings(files.ALBUM)) await this.onSave();
  },

  onShare() {
    return files.shareFile(this.data.picture, this.name);
  },

  onConfirm() {
    wx.navigateTo({ url: flow.happen("confirm") });
  },

  onRetake() {
    wx.redirectTo({ url: flow.happen("retake") });
  },

  onHome() {
    flow.happen("leave");
    wx.reLaunch({ url: "/pages/home/home" });
  },
}));

/** A photo that was deleted, or has reached its end, is not an error here. */
function gone(fault) {
  if (fault.code === "not_found") return { state: "erased" };
  throw fault;
}

/** What the page shows of a photo. */
function shown({ state, report, error }, target) {
  const findings = (report && report.findings) || [];
  const fails = findings.filter(({ severity }) => severity === "fail");
  const mishap = (report && report.error) || error || null;
  const output = state === "ready" ? report.output : null;
  return {
    state,
    facts: output ? photoFacts(output, { background: target.background }) : [],
    findings: fails.length || state !== "rejected" ? fails : [mishap].filter(Boolean),
    warnings: findings.filter(({ severity }) => severity === "warn"),
    mishap,
  };
}
