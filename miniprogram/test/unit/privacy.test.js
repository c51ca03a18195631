const privacy = require("../../client/services/privacy");

let ask;

beforeEach(() => {
  global.wx = { onNeedPrivacyAuthorization: (listener) => { ask = listener; } };
  privacy.listen();
});

test("WeChat's question opens the sheet of the page in front, and gets the student's answer", () => {
  const answers = [];
  let shown = 0;
  const show = () => { shown += 1; };
  privacy.attach(show);
  ask((answer) => answers.push(answer));
  expect(shown).toBe(1);
  privacy.answer(true, "privacy-agree");
  privacy.answer(true, "privacy-agree");
  expect(answers).toEqual([{ event: "agree", buttonId: "privacy-agree" }]);
  privacy.detach(show);
});

test("a question that came before its page waits for it", () => {
  const answers = [];
  ask((answer) => answers.push(answer));
  let shown = 0;
  const show = () => { shown += 1; };
  privacy.attach(show);
  expect(shown).toBe(1);
  privacy.answer(false);
  expect(answers).toEqual([{ event: "disagree" }]);
});

test("older clients that never ask are no trouble", () => {
  global.wx = {};
  privacy.listen();
  expect(privacy.isRefusal({ errMsg: "chooseMedia:fail privacy permission is not authorized" })).toBe(true);
  expect(privacy.isRefusal({ errMsg: "chooseMedia:fail cancel" })).toBe(false);
});
