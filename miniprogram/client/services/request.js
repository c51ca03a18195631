/** Calls in the student's name: bearer token, one renewal after a 401, refusals as Problems. */

const { Problem } = require("./problem");
const session = require("./session");
const transport = require("./transport");

/** Ask with a token, and once more with a fresh one if the first is not taken. */
async function authorised(ask) {
  const first = await session.token();
  const answer = await ask({ Authorization: `Bearer ${first}` });
  if (answer.status !== 401) return answer;
  const second = await session.renew(first);
  return ask({ Authorization: `Bearer ${second}` });
}

function accepted(answer) {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw Problem.of(answer);
}

/** Ask and give back the body of the answer. Raises Problem. */
async function call(method, path, { data, timeout } = {}) {
  const answer = await authorised((header) => transport.send({ method, path, data, timeout, header }));
  return accepted(answer).body;
}

/** Ask for what everyone may see. */
async function callOpen(method, path) {
  return accepted(await transport.send({ method, path })).body;
}

/** Send one file with fields beside it. */
async function upload(path, { header, ...rest }) {
  const answer = await authorised((bearer) => transport.sendFile({ path, ...rest, header: { ...header, ...bearer } }));
  return accepted(answer).body;
}

/** Fetch one file; resolves to `{filePath, header}`. */
async function download(path, filePath) {
  return accepted(await authorised((header) => transport.fetchFile({ path, filePath, header })));
}

module.exports = { call, callOpen, upload, download };
