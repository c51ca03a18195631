<?php
// 接收校园证件照通知的最小脚本：PHP 8.0 以上，无需扩展包。
//
// 试运行： WEBHOOK_SECRETS="whsec_…" WEBHOOK_DIR=/var/lib/photos php -S 127.0.0.1:9000 receiver.php
// 轮换密钥期间可写两个，用空格隔开。

declare(strict_types=1);

const TOLERANCE_S = 300;
const MAX_BODY = 4 * 1024 * 1024; // 通知里带照片时，2 MB 的照片写成 Base64 约 2.7 MB；php.ini 的 post_max_size 也要够大
const MAX_PHOTO = 5 * 1024 * 1024;

/** 签名正确且时间相差不超过五分钟。$body 必须是收到的原始字节，不能先解析再序列化。 */
function verified(array $secrets, string $id, string $timestamp, string $signatures, string $body): bool
{
    if ($id === '' || !preg_match('/\A[0-9]{1,12}\z/', $timestamp)) {
        return false;
    }
    if (abs(time() - (int) $timestamp) > TOLERANCE_S) {
        return false;
    }
    $matched = false;
    foreach ($secrets as $secret) {
        $key = base64_decode(preg_replace('/\Awhsec_/', '', $secret), true);
        if ($key === false || $key === '') {
            continue;
        }
        $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
        foreach (explode(' ', $signatures) as $given) {
            $matched = hash_equals($expected, $given) || $matched; // hash_equals 用时固定；不要用 ==
        }
    }
    return $matched;
}

/** 按链接取回照片；暂时取不到时返回 null。 */
function pulled(string $url): ?string
{
    if (!preg_match('#\Ahttps?://#', $url)) {
        return null; // 不让 file:// 之类的地址进来
    }
    $context = stream_context_create(['http' => ['timeout' => 10, 'follow_location' => 0, 'ignore_errors' => false]]);
    $photo = @file_get_contents($url, false, $context, 0, MAX_PHOTO + 1);
    return $photo === false ? null : $photo;
}

/** 保存一条通知，返回 HTTP 状态码。同一编号只处理一次。 */
function keep(string $directory, string $messageId, array $event): int
{
    $done = $directory . '/' . hash('sha256', $messageId) . '.json';
    if (file_exists($done)) {
        return 204;
    }
    $data = $event['data'] ?? null;
    if (!is_string($event['type'] ?? null) || !is_array($data)) {
        return 400;
    }
    $photoId = $data['photo']['id'] ?? null;
    $hasPhoto = $photoId !== null;
    if ($hasPhoto && !(is_string($photoId) && preg_match('/\Aph_[0-9A-Za-z]+\z/', $photoId))) {
        return 400; // 照片编号形如 ph_…，不合规的编号不能成为文件名
    }
    // 同一张照片以 timestamp 最晚的通知为准：迟到的旧通知不再动照片。timestamp 都是 UTC，按文字比较即可
    $latest = "$directory/$photoId.at";
    $heardLater = $hasPhoto && file_exists($latest) && strcmp(file_get_contents($latest), $event['timestamp']) > 0;
    if ($heardLater) {
        unset($event['data']['photo']['jpeg_base64']);
    } elseif ($event['type'] === 'photo.revoked' && $hasPhoto) {
        @unlink("$directory/$photoId.jpg");
        file_put_contents($latest, $event['timestamp'], LOCK_EX);
    } elseif ($hasPhoto && (isset($data['photo']['jpeg_base64']) || is_string($data['pull_url'] ?? null))) {
        $embedded = $data['photo']['jpeg_base64'] ?? null;
        $photo = is_string($embedded) ? base64_decode($embedded, true) : pulled($data['pull_url'] ?? '');
        if ($photo === false) {
            return 400;
        }
        if ($photo === null) {
            return 503; // 暂时取不到：我们会再次发送
        }
        if (strlen($photo) !== $data['photo']['bytes'] || hash('sha256', $photo) !== $data['photo']['sha256']) {
            return 422;
        }
        file_put_contents("$directory/$photoId.jpg", $photo, LOCK_EX);
        file_put_contents($latest, $event['timestamp'], LOCK_EX);
        unset($event['data']['photo']['jpeg_base64']); // 照片只存一份，撤销时才删得干净
    }
    file_put_contents($done, json_encode($event, JSON_UNESCAPED_UNICODE), LOCK_EX);
    return 204;
}

function answer_to(string $body): int
{
    if (strlen($body) > MAX_BODY) {
        return 413;
    }
    $secrets = preg_split('/\s+/', trim((string) getenv('WEBHOOK_SECRETS')), -1, PREG_SPLIT_NO_EMPTY);
    $id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
    $timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    $signatures = $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '';
    if (!verified($secrets, $id, $timestamp, $signatures, $body)) {
        return 401;
    }
    $event = json_decode($body, true);
    return is_array($event) ? keep((string) getenv('WEBHOOK_DIR'), $id, $event) : 400;
}

http_response_code(answer_to((string) file_get_contents('php://input', false, null, 0, MAX_BODY + 1)));
