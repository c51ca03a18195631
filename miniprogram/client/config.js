/** Where the school's server is. The one file a school must edit before it uploads its own mini-program. */

const SERVERS = {
  develop: "http://127.0.0.1:8000",
  trial: "https://photo.school.example",
  release: "https://photo.school.example",
};

/** `develop` in DevTools and previews, `trial` for testers, `release` for students. */
function version() {
  return wx.getAccountInfoSync().miniProgram.envVersion || "release";
}

/** The server's address without a slash at its end; an empty string while the school has not named one. */
function baseUrl() {
  const url = SERVERS[version()] || SERVERS.release;
  return url.endsWith(".example") ? "" : url;
}

/** Signing in by name exists for a developer's own machine alone. */
const isDevelopment = () => version() === "develop";

module.exports = { baseUrl, isDevelopment };
