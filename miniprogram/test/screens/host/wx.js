/** `wx` in a browser: the network is the real one, the phone is made up, and what it was asked is kept for the test. */

const { files, keep, manager } = require("host/files");

const BASE = "http://127.0.0.1:8000";
const here = (url) => url.replace(BASE, location.origin);
const later = (work) => setTimeout(work, 0);
const headers = (answer) => Object.fromEntries(answer.headers.entries());

/** What the test may look at and set. */
window.phone = { scanned: "", album: [], saveFault: "", permissions: {}, clipboard: "", shared: [], privacyAgreed: false, loginCode: null };
const phone = window.phone;
let needPrivacy = null;

/** Ask for the privacy agreement once, as WeChat does before the first use of camera or album. */
function privately(options, work) {
  if (phone.privacyAgreed || !needPrivacy) return work();
  return needPrivacy(({ event }) => {
    phone.privacyAgreed = event === "agree";
    if (phone.privacyAgreed) work();
    else options.fail({ errMsg: "fail privacy permission is not authorized" });
  });
}

async function request({ url, method, data, header, success, fail }) {
  const body = data === undefined ? undefined : JSON.stringify(data);
  try {
    const answer = await fetch(here(url), { method, headers: header, body, cache: "no-store" });
    const text = await answer.text();
    let parsed = text;
    try { parsed = JSON.parse(text); } catch (fault) { /* WeChat, too, gives the text then */ }
    success({ statusCode: answer.status, data: parsed, header: headers(answer) });
  } catch (fault) {
    fail({ errMsg: "request:fail net::ERR_CONNECTION" });
  }
}

function uploadFile({ url, filePath, name, formData, header, success, fail }) {
  const form = new FormData();
  Object.entries(formData).forEach(([key, value]) => form.append(key, value));
  form.append(name, files.get(filePath), "selfie.jpg");
  const xhr = new XMLHttpRequest();
  xhr.open("POST", here(url));
  Object.entries(header).forEach(([key, value]) => xhr.setRequestHeader(key, value));
  xhr.onload = () => success({ statusCode: xhr.status, data: xhr.responseText, header: { "Retry-After": xhr.getResponseHeader("Retry-After") || "" } });
  xhr.onerror = () => fail({ errMsg: "uploadFile:fail net::ERR_CONNECTION" });
  xhr.onabort = () => fail({ errMsg: "uploadFile:fail abort" });
  const task = { abort: () => xhr.abort(), onProgressUpdate: (heard) => { xhr.upload.onprogress = (event) => heard({ progress: Math.round((event.loaded / event.total) * 100) }); } };
  later(() => xhr.send(form));
  return task;
}

async function downloadFile({ url, filePath, header, success, fail }) {
  try {
    const answer = await fetch(here(url), { headers: header, cache: "no-store" });
    keep(await answer.blob(), filePath);
    success({ statusCode: answer.status, filePath, header: headers(answer) });
  } catch (fault) {
    fail({ errMsg: "downloadFile:fail net::ERR_CONNECTION" });
  }
}

function chooseMedia(options) {
  privately(options, () => {
    const input = Object.assign(document.createElement("input"), { type: "file" });
    input.onchange = () => options.success({ tempFiles: [{ tempFilePath: keep(input.files[0]), size: input.files[0].size }] });
    input.click();
  });
}

const camera = {
  takePhoto: (options) => privately(options, async () => {
    phone.lastShot = { selfieMirror: options.selfieMirror, quality: options.quality };
    options.success({ tempImagePath: keep(await (await fetch("selfie.jpg")).blob()) });
  }),
  onCameraFrame: (heard) => {
    let timer;
    return { start: () => { timer = setInterval(() => frame(heard), 200); }, stop: () => clearInterval(timer) };
  },
};

/** A frame as the phone's camera gives it: small, RGBA. */
async function frame(heard) {
  const bitmap = await createImageBitmap(await (await fetch("selfie.jpg")).blob());
  const canvas = Object.assign(document.createElement("canvas"), { width: 120, height: Math.round((120 * bitmap.height) / bitmap.width) });
  const pen = canvas.getContext("2d");
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  heard({ data: data.buffer, width: canvas.width, height: canvas.height });
}

function saveImageToPhotosAlbum(options) {
  privately(options, () => {
    if (phone.saveFault) return options.fail({ errMsg: phone.saveFault });
    phone.album.push({ path: options.filePath, bytes: files.get(options.filePath).size });
    return options.success();
  });
}

function showModal({ title, content, confirmText = "确定", cancelText = "取消", success }) {
  const dialog = document.createElement("dialog");
  dialog.innerHTML = "<h2></h2><p></p><div><button></button><button></button></div>";
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector("p").textContent = content;
  const [no, yes] = dialog.querySelectorAll("button");
  Object.assign(no, { textContent: cancelText, onclick: () => end(false) });
  Object.assign(yes, { textContent: confirmText, onclick: () => end(true) });
  const end = (confirm) => { dialog.remove(); success({ confirm }); };
  document.body.append(dialog);
  dialog.showModal();
}

const store = (work) => work(window.sessionStorage);

module.exports = {
  env: { USER_DATA_PATH: "wxfile://usr" },
  getAccountInfoSync: () => ({ miniProgram: { envVersion: "develop" } }),
  getStorageSync: (key) => store((box) => JSON.parse(box.getItem(key) || '""')),
  setStorageSync: (key, value) => store((box) => box.setItem(key, JSON.stringify(value))),
  removeStorageSync: (key) => store((box) => box.removeItem(key)),
  login: ({ success }) => later(() => success({ code: phone.loginCode || `good-${Math.random().toString(36).slice(2)}` })),
  onNeedPrivacyAuthorization: (listener) => { needPrivacy = listener; },
  openPrivacyContract: () => undefined,
  getSetting: ({ success }) => later(() => success({ authSetting: phone.permissions })),
  openSetting: ({ success }) => { phone.saveFault = ""; phone.permissions = { "scope.camera": true, "scope.writePhotosAlbum": true }; later(() => success({ authSetting: phone.permissions })); },
  getFileSystemManager: () => manager,
  setClipboardData: ({ data }) => { phone.clipboard = data; },
  shareFileMessage: ({ filePath, fileName, success }) => { phone.shared.push({ filePath, fileName }); success(); },
  createCameraContext: () => camera,
  startAccelerometer: () => undefined,
  stopAccelerometer: () => undefined,
  onAccelerometerChange: (heard) => heard({ x: 0.02, y: -0.99, z: 0.05 }),
  offAccelerometerChange: () => undefined,
  stopPullDownRefresh: () => undefined,
  scanCode: ({ success, fail }) => later(() => (phone.scanned ? success({ result: phone.scanned }) : fail({ errMsg: "scanCode:fail cancel" }))),
  pageScrollTo: ({ selector }) => { const found = document.querySelector(selector); if (found) found.scrollIntoView({ block: "center" }); },
  request, uploadFile, downloadFile, chooseMedia, saveImageToPhotosAlbum, showModal,
};
