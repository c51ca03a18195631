const api = require("../../client/services/api");
const clock = require("../../client/services/clock");
const { Problem } = require("../../client/services/problem");
const session = require("../../client/services/session");
const { Phone, problem, SESSION } = require("../phone");

let phone;
const REFRESH = "POST /v1/auth/refresh";
const LOGIN = "POST /v1/auth/wechat";
const LIST = "GET /v1/campaigns";
const bearer = (request) => request.header.Authorization;

beforeEach(() => {
  phone = new Phone();
  global.wx = phone.wx;
});

const fails = (work) => work.then(() => { throw new Error("did not fail"); }, (fault) => fault);

/** Answers only to one access token. */
const only = (access, body) => (request) => (bearer(request) === `Bearer ${access}` ? body : problem(401, "token_expired"));

test("the first call signs in silently through WeChat, once for all who wait", async () => {
  phone.answers({ [LIST]: { campaigns: [] } });
  await Promise.all([api.listCampaigns(), api.listCampaigns(), api.listCampaigns()]);
  expect(phone.count(LOGIN)).toBe(1);
  expect(phone.last(LOGIN).data).toEqual({ code: "code-1" });
  expect(bearer(phone.last(LIST))).toBe("Bearer access-1");
});

test("an expired token is renewed once for all who wait, and each call is sent again", async () => {
  phone.answers({ [LIST]: only("access-2", { campaigns: [] }), [REFRESH]: { ...SESSION, access_token: "access-2", refresh_token: "refresh-2" } });
  await Promise.all([api.listCampaigns(), api.listCampaigns()]);
  expect(phone.count(REFRESH)).toBe(1);
  expect(phone.count(LIST)).toBe(4);
});

test("a call is renewed once and no more", async () => {
  phone.answers({ [LIST]: problem(401, "token_expired"), [REFRESH]: SESSION });
  const fault = await fails(api.listCampaigns());
  expect(fault.code).toBe("token_expired");
  expect(phone.count(LIST)).toBe(2);
});

test("a refresh token that is refused leads to a new silent sign-in", async () => {
  let logins = 0;
  phone.answers({
    [LIST]: only("access-9", { campaigns: [] }), [REFRESH]: problem(401, "not_authenticated"),
    [LOGIN]: () => { logins += 1; return logins === 1 ? SESSION : { ...SESSION, access_token: "access-9" }; },
  });
  await api.listCampaigns();
  expect(logins).toBe(2);
});

test("a server that is away during the renewal does not cost the student the session", async () => {
  phone.answers({ [LIST]: { campaigns: [] } });
  await api.listCampaigns();
  phone.answers({ [LIST]: problem(401, "token_expired"), [REFRESH]: "offline" });
  expect((await fails(api.listCampaigns())).code).toBe("network");
  expect(phone.storage.get("idphoto.session").refresh).toBe("refresh-1");
});

test("a token about to expire is renewed before it is used", async () => {
  phone.answers({ [LIST]: { campaigns: [] }, [LOGIN]: { ...SESSION, expires_in: 10 }, [REFRESH]: SESSION });
  await session.token();
  await api.listCampaigns();
  expect(phone.count(REFRESH)).toBe(1);
});

test("refusals keep the server's words, code, faults and wait", async () => {
  phone.answers({ [LIST]: problem(429, "rate_limited", { header: { "Retry-After": "7" }, body: { errors: [{ detail: "x", pointer: "#/a" }] } }) });
  const fault = await fails(api.listCampaigns());
  expect(fault).toMatchObject({ code: "rate_limited", status: 429, retryAfter: 7, message: "detail of rate_limited", requestId: "r1", passing: true });
  expect(fault.errors).toHaveLength(1);
});

test.each([
  ["offline", "network"],
  ["request:fail timeout", "timeout"],
  ["request:fail interrupted", "interrupted"],
  ["request:fail url not in domain list", "not_configured"],
])("%s is told as %s", async (answer, code) => {
  phone.answers({ "GET /v1/specs": answer });
  const fault = await fails(api.listSpecs());
  expect(fault).toBeInstanceOf(Problem);
  expect(fault.code).toBe(code);
  expect(fault.message.length).toBeGreaterThan(5);
});

test("an answer that is no JSON is told as such", async () => {
  phone.answers({ "GET /v1/specs": { status: 502, body: "<html>Bad Gateway</html>" } });
  expect(await fails(api.listSpecs())).toMatchObject({ code: "unreadable_answer", status: 502, passing: true });
});

test("without a server of its own the release says so and asks nobody", async () => {
  global.wx = { ...phone.wx, getAccountInfoSync: () => ({ miniProgram: { envVersion: "release" } }) };
  expect((await fails(api.listSpecs())).code).toBe("not_configured");
  expect(phone.asked).toEqual([]);
});

test("a selfie goes with its target, its key and its token, and its progress is heard", async () => {
  phone.answers({ "POST /v1/photos": { status: 202, body: { id: "ph_1", state: "queued" } } });
  const heard = [];
  const photo = await api.submitSelfie({ target: { kind: "campaign", id: "cp_1" }, filePath: "a.jpg", key: "k1", onProgress: (part) => heard.push(part) });
  expect(photo.id).toBe("ph_1");
  expect(phone.last("POST /v1/photos")).toMatchObject({ file: "a.jpg", fields: { campaign: "cp_1" }, header: { "Idempotency-Key": "k1", Authorization: "Bearer access-1" } });
  expect(heard).toEqual([40]);
});

test("windows close by the server's clock", async () => {
  phone.answers({ "GET /v1/specs": { status: 200, body: { specs: [] }, header: { Date: new Date(Date.now() + 3600000).toUTCString() } } });
  await api.listSpecs();
  expect(Math.abs(clock.now() - Date.now() - 3600000)).toBeLessThan(2000);
});

test("ids from outside cannot leave their place in the address", async () => {
  phone.answers({ "GET /v1/campaigns/a%2Fb%3F": { id: "x" } });
  expect((await api.getCampaign("a/b?")).id).toBe("x");
});
