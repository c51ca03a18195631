/** Who is asking: the access token, its renewal, and the silent sign-in through WeChat. */

const { Problem } = require("./problem");
const storage = require("./storage");
const transport = require("./transport");

const EARLY_MS = 30000;
let renewing = null;

const kept = () => storage.read("session");

function keep(body) {
  const session = {
    access: body.access_token,
    refresh: body.refresh_token,
    expiresAt: Date.now() + body.expires_in * 1000,
    student: body.student.id,
  };
  storage.write("session", session);
  return session.access;
}

/** An access token that should still be good; signs in where there is none. */
async function token() {
  const session = kept();
  if (session && session.expiresAt - EARLY_MS > Date.now()) return session.access;
  return renew(session && session.access);
}

/** A token other than the stale one. However many calls wait, the server is asked once. */
function renew(stale) {
  const session = kept();
  if (session && session.access !== stale && session.expiresAt - EARLY_MS > Date.now()) return Promise.resolve(session.access);
  if (!renewing) {
    renewing = refreshed(session).finally(() => {
      renewing = null;
    });
  }
  return renewing;
}

async function refreshed(session) {
  if (!session) return signIn();
  const answer = await transport.send({ method: "POST", path: "/v1/auth/refresh", data: { refresh_token: session.refresh } });
  if (answer.status === 200) return keep(answer.body);
  if (answer.status !== 401) throw Problem.of(answer);
  forget();
  return signIn();
}

/** Trade a login code for a session; the student sees nothing of it. */
async function signIn() {
  const name = storage.read("developer");
  if (name) return enter("/v1/auth/dev", { name });
  return enter("/v1/auth/wechat", { code: await loginCode() });
}

/** Sign in by name: a developer's own machine alone answers this. */
async function signInByName(name) {
  const access = await enter("/v1/auth/dev", { name });
  storage.write("developer", name);
  return access;
}

async function enter(path, data) {
  const answer = await transport.send({ method: "POST", path, data });
  if (answer.status !== 200) throw Problem.of(answer);
  return keep(answer.body);
}

function loginCode() {
  return new Promise((resolve, reject) => {
    wx.login({
      timeout: 10000,
      success: ({ code }) => (code ? resolve(code) : reject(Problem.ours("no_login_code"))),
      fail: () => reject(Problem.ours("no_login_code")),
    });
  });
}

function forget() {
  storage.remove("session");
}

/** End everything this phone knows of the student. */
function signOut() {
  forget();
  storage.remove("developer");
}

module.exports = { token, renew, signInByName, signOut, forget };
