/** From "use this picture" to the verdict: sending, queueing, making; it survives the background and a bad network. */

const flow = require("../../services/flow");
const { leave, screen } = require("../../lib/screen");
const selfies = require("../../lib/selfie-file");
const { startJourney } = require("../../lib/sending");

Page(screen({
  data: { percent: 0, uploading: true, title: "正在准备", detail: "", long: false },

  onShow() {
    if (!flow.isAt("sending", "waiting")) return wx.redirectTo({ url: flow.page() });
    return this.load();
  },

  /** In the background WeChat ends requests after five seconds: we stop first, and go on in onShow. */
  onHide() {
    this.stop();
  },

  onUnload() {
    this.stop();
  },

  stop() {
    if (this.journey) this.journey.stop();
    this.journey = null;
    if (this.wake) this.wake();
  },

  async load() {
    this.stop();
    const journey = startJourney({ tell: (news) => this.journey === journey && this.tell(news), pause: (ms) => this.pause(ms) });
    this.journey = journey;
    try {
      await this.travel(journey);
    } catch (fault) {
      if (journey.stopped) return;
      this.setData({ uploading: false, title: "没有完成", detail: flow.isAt("sending") ? "照片还在您的手机里" : "照片已经上传，不会丢失" });
      this.failed(fault);
    }
  },

  async travel(journey) {
    if (flow.isAt("sending") && !(await this.sent(journey))) return;
    const photo = await journey.follow(flow.state().photo.id);
    if (photo) wx.redirectTo({ url: flow.happen("decided", { photo: { id: photo.id } }) });
  },

  /** Send the selfie; whether there is a photo to follow now. */
  async sent(journey) {
    const { selfie, target } = flow.state();
    if (!(await selfies.exists(selfie.path))) {
      wx.redirectTo({ url: flow.happen("retake") });
      return false;
    }
    const photo = await journey.send(selfie, target);
    if (!photo) return false;
    flow.happen("sent", { photo: { id: photo.id } });
    return true;
  },

  /** Wait, unless the page is left or the student asks at once. */
  pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  },

  tell({ stage, percent = 0, seconds, why, position, estimate, waited = 0 }) {
    const words = {
      uploading: [percent < 100 ? `正在上传 ${percent}%` : "已上传", "请不要关闭页面"],
      retrying: [`${seconds} 秒后自动重试`, why],
      queued: [position ? `前面还有 ${position} 人` : "马上轮到您", estimate ? `大约还需 ${Math.max(1, Math.round(estimate))} 秒` : "马上就好"],
      rendering: ["正在制作", "裁剪、调正、检查是否合规"],
      reconnecting: ["正在重新连接", "照片已经上传，不会丢失"],
    };
    const [title, detail] = words[stage];
    this.setData({ uploading: ["uploading", "retrying"].includes(stage), percent, title, detail, long: waited >= 60 });
  },

  failed(fault) {
    if (fault.code === "identity_required") return wx.redirectTo({ url: flow.happen("need_identity") });
    return this.fail(fault);
  },

  onOther() {
    this.stop();
    wx.redirectTo({ url: flow.happen("retake") });
  },

  onLeave() {
    leave();
  },
}));
