const { readFrame } = require("../../client/lib/frame");
const { hint, readTilt } = require("../../client/lib/hints");
const { startGuide } = require("../../client/lib/guide");

const WIDTH = 120;
const HEIGHT = 160;

/** A made-up frame: a wall, and an oval of another colour in its middle, `wide` of the frame's width. */
function scene({ wall = 200, skin = 150, wide = 0.4, stripes = 0, left = skin } = {}) {
  const data = new Uint8Array(WIDTH * HEIGHT * 4);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const inside = ((x - WIDTH / 2) / ((wide * WIDTH) / 2)) ** 2 + ((y - 0.42 * HEIGHT) / (0.3 * HEIGHT)) ** 2 < 1;
      const value = inside ? (x < WIDTH / 2 ? left : skin) : wall + (Math.floor(x / 7) % 2 ? stripes : -stripes);
      data.set([value, value, value, 255], (y * WIDTH + x) * 4);
    }
  }
  return { data: data.buffer, width: WIDTH, height: HEIGHT };
}

const told = (options) => hint({ tilt: null, frame: readFrame(scene(options)) });

test("a head before a plain wall is measured to a few hundredths of the frame", () => {
  for (const wide of [0.2, 0.35, 0.5, 0.6]) {
    const { headWidth, plain } = readFrame(scene({ wide }));
    expect(plain).toBe(true);
    expect(Math.abs(headWidth - wide)).toBeLessThan(0.05);
  }
});

test("too far, too near and just right are told apart", () => {
  expect(told({ wide: 0.18 }).text).toMatch(/靠近/);
  expect(told({ wide: 0.62 }).text).toMatch(/退后/);
  expect(told({ wide: 0.4 })).toMatchObject({ ok: true, text: expect.stringMatching(/光线和背景合适/) });
});

test("no place is called right where no face was looked for, and an empty wall is asked to be filled", () => {
  for (const wide of [0.3, 0.4, 0.5]) expect(told({ wide }).text).toMatch(/^光线和背景合适，把头放进轮廓/);
  expect(told({ skin: 200 })).toEqual({ ok: false, text: "请把头和双肩放进轮廓" });
});

test("darkness, glare, back light and one-sided light are named", () => {
  expect(told({ wall: 60, skin: 30 }).text).toMatch(/太暗/);
  expect(told({ wall: 250, skin: 235 }).text).toMatch(/太亮/);
  expect(told({ wall: 240, skin: 90 }).text).toMatch(/逆光/);
  expect(told({ left: 190, skin: 120, wall: 160 }).text).toMatch(/明暗不一/);
});

test("before a wall with a pattern no distance is claimed", () => {
  expect(readFrame(scene({ wall: 150, stripes: 60 }))).toMatchObject({ plain: false, headWidth: null });
  expect(told({ wall: 150, stripes: 60 }).text).toMatch(/纯色墙/);
});

test("a phone that is not level or not upright is told so, whichever way its maker counts", () => {
  const tilted = (x, y, z) => hint({ tilt: readTilt({ x, y, z }), frame: null });
  expect(tilted(0.2, -0.98, 0).text).toMatch(/端平/);
  expect(tilted(-0.2, 0.98, 0).text).toMatch(/端平/);
  expect(tilted(0, -0.8, 0.6).text).toMatch(/竖直/);
  expect(tilted(0, -1, 0.05).ok).toBe(true);
});

test("with neither sensor nor frames the guide still says what to do", () => {
  expect(hint({ tilt: null, frame: null })).toMatchObject({ ok: true, text: expect.stringMatching(/轮廓/) });
});

test("the guide tells a hint once, and leaves nothing running when it ends", () => {
  const listeners = new Set();
  const calls = [];
  let frame;
  const camera = { onCameraFrame: (heard) => { frame = heard; return { start: () => calls.push("start"), stop: () => calls.push("stop") }; } };
  global.wx = {
    onAccelerometerChange: (heard) => listeners.add(heard),
    offAccelerometerChange: (heard) => listeners.delete(heard),
    startAccelerometer: () => calls.push("tilt"),
    stopAccelerometer: () => calls.push("untilt"),
    createCameraContext: () => camera,
  };
  const hints = [];
  const end = startGuide((one) => hints.push(one.text));
  frame(scene({ wide: 0.18 }));
  frame(scene({ wide: 0.18 }));
  expect(hints).toEqual([expect.stringMatching(/靠近/)]);
  end();
  expect(listeners.size).toBe(0);
  expect(calls).toEqual(["tilt", "start", "untilt", "stop"]);
});
