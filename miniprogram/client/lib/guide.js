/** The live guide beside the camera: reads how the phone is held and now and then a frame, and tells a hint. */

const { readFrame } = require("./frame");
const { hint, readTilt } = require("./hints");

const EVERY_MS = 400;

/** Begin to guide; `tell` is called with each new hint. Gives a function that ends it. Devices that lack a sensor are guided by the other. */
function startGuide(tell) {
  const seen = { tilt: null, frame: null, text: "", at: 0 };
  const say = () => {
    const next = hint(seen);
    if (next.text !== seen.text) tell(next);
    seen.text = next.text;
  };
  const endTilt = watchTilt((tilt) => Object.assign(seen, { tilt }));
  const endFrames = watchFrames((frame) => {
    if (Date.now() - seen.at < EVERY_MS) return;
    Object.assign(seen, { frame: readFrame(frame), at: Date.now() });
    say();
  });
  const timer = setInterval(say, EVERY_MS);
  return () => {
    clearInterval(timer);
    endTilt();
    endFrames();
  };
}

function watchTilt(listen) {
  if (!wx.startAccelerometer) return () => undefined;
  const heard = (reading) => listen(readTilt(reading));
  wx.onAccelerometerChange(heard);
  wx.startAccelerometer({ interval: "ui", fail: () => undefined });
  return () => {
    wx.offAccelerometerChange(heard);
    wx.stopAccelerometer({ fail: () => undefined });
  };
}

function watchFrames(listen) {
  const camera = wx.createCameraContext();
  if (!camera.onCameraFrame) return () => undefined;
  const listener = camera.onCameraFrame(listen);
  listener.start({ fail: () => undefined });
  return () => listener.stop({ fail: () => undefined });
}

module.exports = { startGuide };
