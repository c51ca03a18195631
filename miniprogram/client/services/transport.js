/** wx.request, uploadFile and downloadFile as promises. Any HTTP status is an answer; no answer is a Problem. */

const { baseUrl } = require("../config");
const clock = require("./clock");
const { Problem, headerOf } = require("./problem");

const ACCEPT = { Accept: "application/json, application/problem+json" };

function urlOf(path) {
  const base = baseUrl();
  if (!base) throw Problem.ours("not_configured");
  return base + path;
}

function answer({ statusCode, data, header }) {
  const date = headerOf(header, "date");
  if (date) clock.learn(date);
  return { status: statusCode, body: parse(data), header: header || {} };
}

/** uploadFile gives text, request gives what it could parse. */
function parse(data) {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data);
  } catch (fault) {
    return null;
  }
}

/** Ask and resolve to `{status, body, header}`. */
async function send({ method, path, data, header, timeout = 20000 }) {
  const url = urlOf(path);
  return new Promise((resolve, reject) => {
    wx.request({
      url,
      method,
      data,
      timeout,
      header: { ...ACCEPT, ...(data === undefined ? {} : { "content-type": "application/json" }), ...header },
      success: (result) => resolve(answer(result)),
      fail: ({ errMsg }) => reject(Problem.unreached(errMsg)),
    });
  });
}

/** Send one file. `hold(task)` is given the task, so that a page that is left can abort it. */
async function sendFile({ path, filePath, name, fields, header, onProgress, hold, timeout = 120000 }) {
  const url = urlOf(path);
  return new Promise((resolve, reject) => {
    const task = wx.uploadFile({
      url,
      filePath,
      name,
      formData: fields,
      timeout,
      header: { ...ACCEPT, ...header },
      success: (result) => resolve(answer(result)),
      fail: ({ errMsg }) => reject(Problem.unreached(errMsg)),
    });
    if (task && onProgress) task.onProgressUpdate(({ progress }) => onProgress(progress));
    if (task && hold) hold(task);
  });
}

/** Fetch a file to a path of our own; a refusal is read back out of the file it was written to. */
async function fetchFile({ path, filePath, header, timeout = 60000 }) {
  const url = urlOf(path);
  return new Promise((resolve, reject) => {
    wx.downloadFile({
      url,
      filePath,
      header,
      timeout,
      success: (result) => resolve({ ...answer({ ...result, data: null }), filePath: result.filePath || result.tempFilePath }),
      fail: ({ errMsg }) => reject(Problem.unreached(errMsg)),
    });
  });
}

module.exports = { send, sendFile, fetchFile };
