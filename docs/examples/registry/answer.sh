#!/bin/sh
# 同 answer.py，只用 openssl 和 curl，可看清签名的每一步。
#
# 运行： ANSWER_SECRET="whsec_…" sh answer.sh https://证件照地址 sb_提交编号 approved
#        ANSWER_SECRET="whsec_…" sh answer.sh https://证件照地址 sb_提交编号 returned 请重拍
set -eu

if [ "$3" = returned ]; then
    body=$(printf '{"type":"submission.returned","data":{"submission":"%s","reason":"%s"}}' "$2" "$4")
else
    body=$(printf '{"type":"submission.%s","data":{"submission":"%s"}}' "$3" "$2")
fi
id="vd_$(openssl rand -hex 16)"
timestamp=$(date +%s)
key=$(printf '%s' "${ANSWER_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
signature=$(printf '%s.%s.%s' "$id" "$timestamp" "$body" |
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)

curl --fail-with-body --silent --show-error --max-time 15 "$1/v1/registry/verdicts" \
    -H 'content-type: application/json' \
    -H "webhook-id: $id" -H "webhook-timestamp: $timestamp" -H "webhook-signature: v1,$signature" \
    --data-binary "$body"
