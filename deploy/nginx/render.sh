#!/bin/sh
# Print nginx's site with the words of a site.env put in:   deploy/nginx/render.sh /etc/idphoto/site.env
set -eu
[ $# -eq 1 ] || { echo "usage: $0 SITE_ENV" >&2; exit 2; }
here=$(dirname "$0")
words=""
for name in SITE_NAME SITE_API SITE_TLS SITE_PAGES SITE_CACHE SITE_LOG SITE_ERRORS; do
  value=$(sed -n "s/^$name=//p" "$1" | tail -n 1)
  [ -n "$value" ] || { echo "$1: $name is missing" >&2; exit 2; }
  case $value in *[!A-Za-z0-9./:_-]*) echo "$1: $name holds what no path or name has" >&2; exit 2 ;; esac
  words="$words;s|\${$name}|$value|g"
done
sed "${words#;}" "$here/idphoto.conf.template"
