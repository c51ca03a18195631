/** A finished photo on the phone: fetched to our own folder, saved to the album, handed on as a file, thrown away. */

const api = require("../services/api");
const { isRefusal } = require("../services/privacy");
const { headerOf } = require("../services/problem");
const { discard } = require("../services/storage");

const ALBUM = "scope.writePhotosAlbum";

/** Fetch the photo; resolves to `{path, name}`, the name being what the spec wants the file to be called. */
async function fetchPhoto(id) {
  const path = `${wx.env.USER_DATA_PATH}/${id}.jpg`;
  const { filePath, header } = await api.fetchImage(id, path);
  return { path: filePath || path, name: nameOf(headerOf(header, "content-disposition")) };
}

function nameOf(disposition) {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition);
  if (extended) return decodeURIComponent(extended[1]);
  const plain = /filename="?([^";]+)"?/i.exec(disposition);
  return plain ? plain[1] : "证件照.jpg";
}

/** Save to the album. Resolves to `saved`, `cancelled`, `settings` (refused before: only settings help), `privacy` or `failed`. */
function saveToAlbum(path) {
  return new Promise((resolve) => {
    wx.saveImageToPhotosAlbum({ filePath: path, success: () => resolve("saved"), fail: (fault) => resolve(whyNot(fault)) });
  });
}

/** Three systems refuse in three spellings; whether settings can help is asked of WeChat itself. */
async function whyNot(fault) {
  const text = fault.errMsg || "";
  if (isRefusal(fault)) return "privacy";
  if (/cancel/i.test(text)) return "cancelled";
  if (/auth\w* (deny|denied)|authorize no response|permission/i.test(text) || (await isRefused(ALBUM))) return "settings";
  return "failed";
}

/** Whether the student has said no to a scope earlier. */
function isRefused(scope) {
  return new Promise((resolve) => {
    wx.getSetting({ success: ({ authSetting }) => resolve(authSetting[scope] === false), fail: () => resolve(false) });
  });
}

/** Open WeChat's settings, from a tap; resolves to whether the scope is allowed afterwards. */
function openSettings(scope) {
  return new Promise((resolve) => {
    wx.openSetting({ success: ({ authSetting }) => resolve(Boolean(authSetting[scope])), fail: () => resolve(false) });
  });
}

/** Whether this client can hand on a file under a name of its own; an album gives its own names. */
const canShareFile = () => Boolean(wx.shareFileMessage);

/** Hand the file on under the name the school wants; resolves to whether it was sent. */
function shareFile(path, name) {
  return new Promise((resolve) => {
    wx.shareFileMessage({ filePath: path, fileName: name, success: () => resolve(true), fail: () => resolve(false) });
  });
}

module.exports = { ALBUM, fetchPhoto, saveToAlbum, isRefused, openSettings, canShareFile, shareFile, discard };
