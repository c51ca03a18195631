const flow = require("../../client/services/flow");
const { Phone } = require("../phone");

const TARGET = { kind: "campaign", id: "cp_1", name: "采集" };
const SELFIE = { path: "a.jpg", key: "k" };

beforeEach(() => {
  global.wx = new Phone().wx;
});

test("a student walks from the choice to the submission, each step with its page", () => {
  expect(flow.happen("choose", { target: TARGET })).toMatch(/campaign/);
  expect(flow.happen("need_identity")).toMatch(/identity/);
  expect(flow.happen("identified")).toMatch(/capture/);
  expect(flow.happen("taken", { selfie: SELFIE })).toMatch(/progress/);
  expect(flow.happen("sent", { photo: { id: "ph_1" } })).toMatch(/progress/);
  expect(flow.happen("decided")).toMatch(/result/);
  expect(flow.happen("confirm")).toMatch(/profile/);
  expect(flow.happen("submitted")).toMatch(/home/);
  expect(flow.state()).toMatchObject({ step: "idle", target: null, photo: null });
});

test("what a step no longer needs is forgotten on the way: the selfie once it is sent, the photo on a retake", () => {
  const sending = { step: "sending", target: TARGET, selfie: SELFIE, photo: null };
  const waiting = flow.advance(sending, "sent", { photo: { id: "ph_1" } });
  expect(waiting.selfie).toBeNull();
  const result = flow.advance(waiting, "decided");
  expect(flow.advance(result, "retake")).toMatchObject({ step: "capture", photo: null, target: TARGET });
});

test("a selfie that was never sent leaves the phone when the student turns to something else", () => {
  const phone = new Phone();
  global.wx = phone.wx;
  for (const [event, patch] of [["choose", { target: TARGET }], ["leave"], ["retake"], ["need_identity"], ["sent", { photo: { id: "ph_1" } }]]) {
    phone.files.add(SELFIE.path);
    phone.storage.set("idphoto.flow", { step: "sending", target: TARGET, selfie: SELFIE, photo: null });
    flow.happen(event, patch);
    expect([event, phone.files.has(SELFIE.path)]).toEqual([event, false]);
  }
});

test("it is kept over a restart, and tells whether there is something to go on with", () => {
  flow.happen("choose", { target: TARGET });
  flow.happen("need_photo");
  expect(flow.isUnderWay()).toBe(false);
  flow.happen("taken", { selfie: SELFIE });
  expect(flow.isUnderWay()).toBe(true);
  expect(flow.state().selfie).toEqual(SELFIE);
  expect(flow.page()).toMatch(/progress/);
});

test("an event without a place in the step is a fault of ours, and changes nothing", () => {
  expect(() => flow.happen("confirm")).toThrow(/confirm/);
  expect(flow.state().step).toBe("idle");
});

test("from every step every event leads to a step that has a page, and home is always open", () => {
  for (const [step, events] of Object.entries(flow.MOVES)) {
    const state = { step, target: TARGET, selfie: SELFIE, photo: { id: "p" } };
    for (const [event, next] of Object.entries(events)) {
      expect(flow.advance(state, event).step).toBe(next);
      expect(flow.PAGES[next]).toBeDefined();
    }
    expect(flow.advance(state, "leave").step).toBe("idle");
  }
});

test("a draft lives a day, apart from other campaigns' drafts, and goes when it is submitted", () => {
  flow.saveDraft("a", { phone: "1" });
  flow.saveDraft("b", { phone: "2" });
  flow.dropDraft("b");
  expect([flow.draft("a"), flow.draft("b")]).toEqual([{ phone: "1" }, null]);
  jest.spyOn(Date, "now").mockReturnValue(Date.now() + 25 * 3600 * 1000);
  expect(flow.draft("a")).toBeNull();
  jest.restoreAllMocks();
});

test("after a day nothing of a draft is left on the phone, whether anybody asks for it or not", () => {
  const phone = new Phone();
  global.wx = phone.wx;
  flow.saveDraft("a", { guardians: [{ id_number: "430" }] });
  jest.spyOn(Date, "now").mockReturnValue(Date.now() + 25 * 3600 * 1000);
  flow.saveDraft("b", { phone: "2" });
  flow.forgetOldDrafts();
  expect(Object.keys(phone.storage.get("idphoto.drafts"))).toEqual(["b"]);
  jest.restoreAllMocks();
});

test("a phone whose storage is full still works, without remembering", () => {
  global.wx.setStorageSync = () => { throw new Error("full"); };
  const warn = jest.spyOn(console, "warn").mockImplementation(() => undefined);
  expect(flow.happen("choose", { target: TARGET })).toMatch(/campaign/);
  warn.mockRestore();
});
