/** A phone with WeChat on it, for tests: storage, files, permissions, pages gone to, and a server that answers by route. */

const SESSION = { access_token: "access-1", refresh_token: "refresh-1", expires_in: 7200, student: { id: "st_1", channel: "wechat" } };

class Phone {
  constructor() {
    this.storage = new Map();
    this.files = new Set();
    this.gone = [];
    this.asked = [];
    this.routes = new Map();
    this.permissions = {};
    this.modalAnswer = true;
    this.camera = { taken: [], frame: null };
    this.answers({ "POST /v1/auth/wechat": { status: 200, body: SESSION } });
  }

  /** Answer routes: `{"GET /v1/specs": body | {status, body, header} | (request) => answer | "offline"}`. */
  answers(routes) {
    Object.entries(routes).forEach(([route, answer]) => this.routes.set(route, answer));
    return this;
  }

  /** How often a route was asked. */
  count(route) {
    return this.asked.filter((one) => one.route === route).length;
  }

  /** The last request to a route. */
  last(route) {
    return this.asked.filter((one) => one.route === route).pop();
  }

  /** The last page gone to. */
  get place() {
    return this.gone.length ? this.gone[this.gone.length - 1].url : undefined;
  }

  serve(options, { method, file }) {
    const path = options.url.replace("http://127.0.0.1:8000", "");
    const request = { route: `${method} ${path}`, data: options.data, header: options.header || {}, file, fields: options.formData };
    this.asked.push(request);
    const found = this.routes.get(request.route);
    const answer = typeof found === "function" ? found(request) : found;
    setTimeout(() => this.settle(options, answer, request.route), 0);
  }

  settle(options, answer, route) {
    if (answer === "offline") return options.fail({ errMsg: "request:fail net::ERR_INTERNET_DISCONNECTED" });
    if (typeof answer === "string") return options.fail({ errMsg: answer });
    if (answer === undefined) throw new Error(`nobody answers ${route}`);
    const whole = answer.status ? answer : { status: 200, body: answer };
    return options.success({ statusCode: whole.status, data: options.asText ? JSON.stringify(whole.body) : whole.body, header: whole.header || {}, filePath: options.filePath });
  }

  upload(options) {
    const task = { aborted: false, abort: () => { task.aborted = true; }, onProgressUpdate: (heard) => heard({ progress: 40 }) };
    this.task = task;
    this.serve({ ...options, asText: true }, { method: "POST", file: options.filePath });
    return task;
  }

  download(options) {
    this.files.add(options.filePath);
    this.serve({ ...options, data: undefined }, { method: "GET" });
  }

  get wx() {
    return { ...this.system(), ...this.network(), ...this.navigation(), ...this.media() };
  }

  system() {
    return {
      env: { USER_DATA_PATH: "wxfile://usr" },
      getAccountInfoSync: () => ({ miniProgram: { envVersion: "develop" } }),
      getStorageSync: (key) => this.storage.get(key) ?? "",
      setStorageSync: (key, value) => this.storage.set(key, JSON.parse(JSON.stringify(value))),
      removeStorageSync: (key) => this.storage.delete(key),
      login: ({ success }) => success({ code: "code-1" }),
      setNavigationBarTitle: () => undefined,
      stopPullDownRefresh: () => undefined,
      pageScrollTo: () => undefined,
      showModal: ({ success, ...rest }) => { this.modal = rest; success({ confirm: this.modalAnswer }); },
      getSetting: ({ success }) => success({ authSetting: this.permissions }),
      openSetting: ({ success }) => { this.permissions = { ...this.permissions, ...this.settingsAnswer }; success({ authSetting: this.permissions }); },
      getFileSystemManager: () => ({
        saveFile: ({ tempFilePath, success }) => { this.files.add(`kept:${tempFilePath}`); success({ savedFilePath: `kept:${tempFilePath}` }); },
        access: ({ path, success, fail }) => (this.files.has(path) ? success() : fail()),
        unlink: ({ filePath }) => this.files.delete(filePath),
        getFileInfo: ({ success }) => success({ size: this.compressedSize || 0 }),
        writeFile: ({ filePath, data, success }) => { this.files.add(filePath); this.written = data; success(); },
      }),
      requestSubscribeMessage: ({ tmplIds, success, fail }) => { this.subscribed = tmplIds; return this.subscribeAnswer ? success(this.subscribeAnswer) : fail({ errMsg: "requestSubscribeMessage:fail" }); },
      setClipboardData: ({ data }) => { this.clipboard = data; },
    };
  }

  network() {
    return {
      request: (options) => this.serve(options, { method: options.method }),
      uploadFile: (options) => this.upload(options),
      downloadFile: (options) => this.download(options),
    };
  }

  navigation() {
    const go = (how) => ({ url } = {}) => { this.gone.push({ how, url }); };
    return { navigateTo: go("navigateTo"), redirectTo: go("redirectTo"), reLaunch: go("reLaunch"), navigateBack: go("navigateBack") };
  }

  media() {
    return {
      chooseMedia: ({ success, fail }) => (this.album ? success({ tempFiles: [this.album] }) : fail({ errMsg: "chooseMedia:fail cancel" })),
      scanCode: ({ success, fail }) => (this.scanned ? success({ result: this.scanned }) : fail({ errMsg: this.scanFault || "scanCode:fail cancel" })),
      compressImage: ({ success }) => success({ tempFilePath: "tmp/smaller.jpg" }),
      createCameraContext: () => ({ takePhoto: (options) => { this.camera.taken.push(options); options.success({ tempImagePath: "tmp/selfie.jpg" }); } }),
      saveImageToPhotosAlbum: ({ success, fail }) => (this.saveFault ? fail({ errMsg: this.saveFault }) : success()),
    };
  }
}

/** A problem document as the server writes it. */
const problem = (status, code, more = {}) => ({
  status, header: more.header || {}, body: { code, status, title: `title of ${code}`, detail: `detail of ${code}`, request_id: "r1", ...more.body },
});

module.exports = { Phone, problem, SESSION };
