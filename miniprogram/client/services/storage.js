/** The phone's storage under one name. Where it fails (full, blocked) the page works on without remembering. */

const PREFIX = "idphoto.";

function read(name) {
  try {
    return wx.getStorageSync(PREFIX + name) || null;
  } catch (fault) {
    return null;
  }
}

function write(name, value) {
  try {
    wx.setStorageSync(PREFIX + name, value);
  } catch (fault) {
    console.warn("storage", name);
  }
}

function remove(name) {
  try {
    wx.removeStorageSync(PREFIX + name);
  } catch (fault) {
    console.warn("storage", name);
  }
}

/** Throw a file of ours away; that it is gone already is well too. */
function discard(path) {
  if (path) wx.getFileSystemManager().unlink({ filePath: path, fail: () => undefined });
}

module.exports = { read, write, remove, discard };
