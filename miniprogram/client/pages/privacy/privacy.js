/** The student's rights: read what was agreed to, withdraw it, take the data along, have everything erased. */

const api = require("../../services/api");
const flow = require("../../services/flow");
const { openGuideline } = require("../../services/privacy");
const { discard } = require("../../lib/photo-file");
const { ask, forgetEverything, screen } = require("../../lib/screen");
const { moment } = require("../../lib/words");

const FILE_NAME = "我的证件照数据.json";

Page(screen({
  data: { loading: true, consents: null, done: null },

  onShow() {
    return this.load();
  },

  async load() {
    try {
      const consents = await api.listConsents();
      this.setData({ consents: consents.map((text) => ({ ...text, given: text.given_at ? moment(text.given_at) : "", open: false })) });
    } catch (fault) {
      this.fail(fault);
    } finally {
      this.setData({ loading: false });
    }
  },

  onRead({ currentTarget }) {
    const { index } = currentTarget.dataset;
    this.setData({ [`consents[${index}].open`]: !this.data.consents[index].open });
  },

  onWithdraw({ currentTarget }) {
    return this.run("withdraw", () => this.withdraw(this.data.consents[currentTarget.dataset.index]));
  },

  async withdraw(text) {
    const content = "撤回后会停止处理，并删除以此为前提的照片；已提交的会一并撤销，并按规定通知学校。";
    if (!(await ask({ title: `撤回“${text.title}”？`, content, confirmText: "撤回", danger: true }))) return;
    await api.withdrawConsent(text.id);
    forgetWork();
    this.setData({ done: { title: "已撤回", detail: "以它为前提的照片已经删除。" } });
    await this.load();
  },

  onExport() {
    return this.run("export", async () => this.handOver(JSON.stringify(await api.exportMe(), null, 2)));
  },

  /** Hand the export on as a file where the client can, else to the clipboard; nothing stays behind. */
  async handOver(text) {
    const sent = wx.shareFileMessage ? await sentAsFile(text) : false;
    if (sent) return;
    if (!(await ask({ title: "复制我的数据？", content: "内容里有您的身份信息，请只粘贴到您信任的地方。", confirmText: "复制" }))) return;
    const failed = { tone: "warn", title: "没有复制成功", detail: "请在电脑上打开学校的网页版导出。" };
    wx.setClipboardData({ data: text, fail: () => this.setData({ done: failed }) });
  },

  onErase() {
    return this.run("erase", async () => {
      const content = "照片、提交记录和身份绑定都会删除，不能恢复。";
      if (!(await ask({ title: "删除全部数据？", content, confirmText: "全部删除", danger: true }))) return;
      await api.eraseMe();
      forgetWork();
      forgetEverything(flow);
      this.setData({ consents: null, done: { title: "您的数据已全部删除", detail: "再次使用时会重新征求您的同意。" } });
    });
  },

  onGuideline: openGuideline,
  onHome: () => wx.reLaunch({ url: "/pages/home/home" }),
}));

/** Unfinished work rests on what was taken back: it goes too, with the selfie that waits on the phone. */
function forgetWork() {
  const { selfie } = flow.state();
  if (selfie) discard(selfie.path);
  flow.clear();
}

function sentAsFile(text) {
  const path = `${wx.env.USER_DATA_PATH}/export.json`;
  const files = wx.getFileSystemManager();
  return new Promise((resolve) => {
    const end = (sent) => {
      discard(path);
      resolve(sent);
    };
    const share = () => wx.shareFileMessage({ filePath: path, fileName: FILE_NAME, success: () => end(true), fail: () => end(false) });
    files.writeFile({ filePath: path, data: text, encoding: "utf8", success: share, fail: () => end(false) });
  });
}
