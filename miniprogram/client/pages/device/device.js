/** Let a browser on a computer in: scan or type the code it shows, see what asks, say yes or no. */

const api = require("../../services/api");
const { codeIn, shown } = require("../../lib/device-code");
const { screen } = require("../../lib/screen");
const { moment } = require("../../lib/words");

Page(screen({
  data: { mode: "enter", typed: "", wrong: "", code: "", client: "", at: "" },

  /** A code may come along: from a QR code read by WeChat itself (`q`, the link it holds), or from the home page. */
  onLoad({ q, code }) {
    const found = codeIn(decodeURIComponent(q || "")) || codeIn(code || "");
    return found ? this.find(found) : undefined;
  },

  load: () => undefined,

  onType({ detail }) {
    this.setData({ typed: detail.value, wrong: "" });
  },

  onScan() {
    wx.scanCode({
      scanType: ["qrCode"],
      success: ({ result }) => this.scanned(result),
      fail: ({ errMsg }) => /cancel/i.test(errMsg || "") || this.setData({ wrong: "没能打开扫一扫，请输入 8 位登录码。" }),
    });
  },

  scanned(result) {
    const found = codeIn(result);
    return found ? this.find(found) : this.setData({ wrong: "这不是登录码，请扫电脑网页上的码。" });
  },

  onNext() {
    const found = codeIn(this.data.typed);
    return found ? this.find(found) : this.setData({ wrong: "登录码是 8 位字母，请看电脑屏幕。" });
  },

  find(code) {
    return this.run("find", async () => {
      const asked = await api.findDevice(code);
      this.setData({ mode: "ask", code: shown(code), client: asked.client, at: moment(asked.created_at) });
    });
  },

  onApprove() {
    return this.answer("approve", "approved");
  },

  onDeny() {
    return this.answer("deny", "denied");
  },

  answer(answer, mode) {
    return this.run(answer, async () => {
      await api.answerDevice(this.data.code, answer);
      this.setData({ mode });
    });
  },

  onHome: () => wx.reLaunch({ url: "/pages/home/home" }),
}));
