/** What one camera frame tells without any model: how bright it is, whether the wall is plain, how wide the head is.

Nothing is stored and nobody is recognised: a frame becomes five numbers and is forgotten. The head's width is that of
what differs from the wall, so it is only told where the wall is plain. */

const STRIDE = 4;
const PLAIN_SPREAD = 26;
const DIFFERENT = 42;

/** `pixels` are RGBA bytes, row by row. Gives luma 0–255, left minus right, wall luma, spread, head width 0–1 or null. */
export function readFrame({ data, width, height }) {
  const pixels = new Uint8Array(data);
  const at = (x, y) => luma(pixels, (Math.floor(y) * width + Math.floor(x)) * 4);
  const wall = sample(at, [[0.04, 0.18], [0.82, 0.96]].map(([from, to]) => box(width, height, from, to, 0.04, 0.3)));
  const left = sample(at, [box(width, height, 0.36, 0.5, 0.3, 0.56)]);
  const right = sample(at, [box(width, height, 0.5, 0.64, 0.3, 0.56)]);
  const plain = wall.spread <= PLAIN_SPREAD;
  return {
    luma: (left.mean + right.mean) / 2,
    lean: left.mean - right.mean,
    wall: wall.mean,
    plain,
    headWidth: plain ? headWidth(pixels, width, height, wallColour(pixels, width, height)) : null,
  };
}

const luma = (pixels, index) => 0.299 * pixels[index] + 0.587 * pixels[index + 1] + 0.114 * pixels[index + 2];

const box = (width, height, x0, x1, y0, y1) => ({ x0: x0 * width, x1: x1 * width, y0: y0 * height, y1: y1 * height });

/** Mean and standard deviation over boxes. */
function sample(at, boxes) {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const { x0, x1, y0, y1 } of boxes) {
    for (let y = y0; y < y1; y += STRIDE) {
      for (let x = x0; x < x1; x += STRIDE) {
        const value = at(x, y);
        count += 1;
        sum += value;
        squares += value * value;
      }
    }
  }
  const mean = sum / Math.max(1, count);
  return { mean, spread: Math.sqrt(Math.max(0, squares / Math.max(1, count) - mean * mean)) };
}

/** The wall's colour, from both upper corners. */
function wallColour(pixels, width, height) {
  const sum = [0, 0, 0];
  let count = 0;
  for (let y = 0.04 * height; y < 0.3 * height; y += STRIDE) {
    for (const x of [0.06, 0.1, 0.14, 0.86, 0.9, 0.94]) {
      const index = (Math.floor(y) * width + Math.floor(x * width)) * 4;
      for (let channel = 0; channel < 3; channel += 1) sum[channel] += pixels[index + channel];
      count += 1;
    }
  }
  return sum.map((value) => value / count);
}

/** The median width, over the rows where a face belongs, of the run through the middle that is not wall. */
function headWidth(pixels, width, height, wall) {
  const widths = [];
  for (let y = Math.floor(0.3 * height); y < 0.5 * height; y += STRIDE) widths.push(runWidth(pixels, width, y, wall) / width);
  widths.sort((a, b) => a - b);
  return widths[Math.floor(widths.length / 2)];
}

function runWidth(pixels, width, y, wall) {
  const middle = Math.floor(width / 2);
  const differs = (x) => {
    const index = (y * width + x) * 4;
    return Math.abs(pixels[index] - wall[0]) + Math.abs(pixels[index + 1] - wall[1]) + Math.abs(pixels[index + 2] - wall[2]) > DIFFERENT;
  };
  return edge(differs, middle, width, 1) - edge(differs, middle, width, -1);
}

/** Walk from the middle until the wall has been seen for a while; gaps of a few pixels (glasses, highlights) are stepped over. */
function edge(differs, middle, width, step) {
  const patience = Math.ceil(width / 16);
  let last = middle;
  for (let x = middle; x >= 0 && x < width && Math.abs(x - last) <= patience; x += step) if (differs(x)) last = x;
  return last;
}
