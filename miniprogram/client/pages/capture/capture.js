/** Take a selfie with the camera, or choose one from the album; look at it; use it or take another. */

const flow = require("../../services/flow");
const { isRefusal } = require("../../services/privacy");
const { startGuide } = require("../../lib/guide");
const { newKey } = require("../../lib/key");
const { isRefused, openSettings } = require("../../lib/photo-file");
const { screen } = require("../../lib/screen");
const selfies = require("../../lib/selfie-file");

const CAMERA = "scope.camera";
const TOO_LARGE = { tone: "bad", title: "照片太大", detail: "请选择不超过 10 MB 的照片，或直接用相机拍一张。" };
const NO_CAMERA = { tone: "warn", title: "没能打开相机", detail: "相机可能正被其他程序使用。请稍后再试，或从相册选择。" };
const CAMERA_REFUSED = { tone: "warn", title: "还没有允许使用相机", detail: "请在设置里打开“摄像头”，或从相册选择照片。", settings: true };
const NOT_AGREED = { tone: "warn", title: "需要您先同意隐私指引", detail: "不同意也可以到学校指定的照相点拍摄，效果相同。" };

Page(screen({
  data: { target: "", shown: "露出眉毛", mode: "choose", facing: "front", hint: { ok: true, text: "" }, ready: false, picture: "", trouble: null },

  onShow() {
    if (!flow.isAt("capture")) return wx.redirectTo({ url: flow.page() });
    const { name, shown } = flow.state().target;
    return this.setData({ target: name, shown: shown || "露出眉毛" });
  },

  onHide() {
    if (this.data.mode === "camera") this.close();
  },

  onUnload() {
    this.endGuide();
  },

  load: () => undefined,

  onCamera() {
    this.setData({ mode: "camera", ready: false, trouble: null, hint: { ok: true, text: "正在打开相机…" } });
  },

  onCameraReady() {
    this.setData({ ready: true });
    this.endGuide();
    this.stopGuide = startGuide((hint) => this.setData({ hint }));
  },

  async onCameraError() {
    this.close();
    this.setData({ trouble: (await isRefused(CAMERA)) ? CAMERA_REFUSED : NO_CAMERA });
  },

  onFlip() {
    this.endGuide();
    this.setData({ facing: this.data.facing === "front" ? "back" : "front", ready: false });
  },

  onClose() {
    this.close();
  },

  close() {
    this.endGuide();
    this.setData({ mode: "choose", ready: false });
  },

  endGuide() {
    if (this.stopGuide) this.stopGuide();
    this.stopGuide = null;
  },

  /** An ID photo must never be a mirror image: some clients mirror front-camera selfies unless told not to. */
  onShoot() {
    if (!this.data.ready) return;
    wx.createCameraContext().takePhoto({
      quality: "high",
      selfieMirror: false,
      success: ({ tempImagePath }) => this.look(tempImagePath, 0),
      fail: () => this.setData({ trouble: NO_CAMERA }),
    });
  },

  onAlbum() {
    wx.chooseMedia({
      count: 1,
      mediaType: ["image"],
      sourceType: ["album"],
      sizeType: ["original"],
      success: ({ tempFiles: [file] }) => this.look(file.tempFilePath, file.size),
      fail: (fault) => this.onAlbumRefused(fault),
    });
  },

  onAlbumRefused(fault) {
    if (/cancel/i.test(fault.errMsg || "")) return;
    const album = { tone: "warn", title: "没能打开相册", detail: "请在手机设置里允许微信访问照片，或直接用相机拍一张。" };
    this.setData({ trouble: isRefusal(fault) ? NOT_AGREED : album });
  },

  /** Show a picture before it is sent. */
  async look(path, size) {
    this.endGuide();
    const fitting = await selfies.fit(path, size);
    if (!fitting) return this.setData({ mode: "choose", trouble: TOO_LARGE });
    return this.setData({ mode: "preview", picture: fitting, trouble: null });
  },

  onAgain() {
    this.setData({ mode: "choose", picture: "" });
  },

  onUse() {
    return this.run("use", async () => {
      const path = await selfies.keep(this.data.picture);
      wx.redirectTo({ url: flow.happen("taken", { selfie: { path, key: newKey() } }) });
    });
  },

  async onSettings() {
    if (await openSettings(CAMERA)) this.onCamera();
  },
}));
