/** jsdom lacks what j-component and Node's own libraries expect of a browser. */

const { TextDecoder, TextEncoder } = require("node:util");

global.TextEncoder = global.TextEncoder || TextEncoder;
global.TextDecoder = global.TextDecoder || TextDecoder;
