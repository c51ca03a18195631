// 接收校园证件照通知的最小服务：Java 11 以上，只用 JDK 自带的类。
//
// 运行： WEBHOOK_SECRETS="whsec_…" java Receiver.java 端口 保存目录
// 轮换密钥期间可写两个，用空格隔开。

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Receiver {
    static final long TOLERANCE_S = 300;
    static final int MAX_BODY = 4 * 1024 * 1024; // 通知里带照片时，2 MB 的照片写成 Base64 约 2.7 MB

    final String[] secrets;
    final Path directory;
    final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    Receiver(String[] secrets, Path directory) {
        this.secrets = secrets;
        this.directory = directory;
    }

    /** 签名正确且时间相差不超过五分钟。body 必须是收到的原始字节，不能先解析再序列化。 */
    boolean verified(String id, String timestamp, String signatures, byte[] body) throws GeneralSecurityException {
        if (id == null || timestamp == null || signatures == null || !timestamp.matches("[0-9]{1,12}")) {
            return false;
        }
        if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > TOLERANCE_S) {
            return false;
        }
        boolean matched = false;
        for (String secret : secrets) {
            byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            String expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
            for (String given : signatures.split(" ")) {
                // MessageDigest.isEqual 用时固定；不要用 equals
                matched |= MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
            }
        }
        return matched;
    }

    /** 保存一条通知，返回 HTTP 状态码。同一编号只处理一次。 */
    synchronized int keep(String messageId, String event) throws IOException, GeneralSecurityException {
        Path done = directory.resolve(sha256(messageId.getBytes(StandardCharsets.UTF_8)) + ".json");
        if (Files.exists(done)) {
            return 204;
        }
        String type = field(event, "type");
        String url = field(event, "pull_url");
        String embedded = field(event, "jpeg_base64");
        if (type == null) {
            return 400;
        }
        if (event.contains("\"photo\"") && heardLater(event)) {
            // 迟到的旧通知：只记下，不动照片
        } else if (type.equals("photo.revoked")) {
            Files.deleteIfExists(photoFile(event));
            Files.writeString(latestFile(event), field(event, "timestamp"));
        } else if (url != null || embedded != null) {
            byte[] photo = embedded != null ? Base64.getDecoder().decode(embedded) : pull(url);
            if (photo == null) {
                return 503; // 暂时取不到：我们会再次发送
            }
            if (!sha256(photo).equals(field(event, "sha256"))) {
                return 422;
            }
            Files.write(photoFile(event), photo);
            Files.writeString(latestFile(event), field(event, "timestamp"));
        }
        // 照片只存一份，撤销时才删得干净
        Files.writeString(done, event.replaceFirst(",?\\s*\"jpeg_base64\"\\s*:\\s*\"[^\"\\\\]*\"", ""));
        return 204;
    }

    /** 同一张照片以 timestamp 最晚的通知为准。timestamp 都是 UTC，按文字比较即可。 */
    boolean heardLater(String event) throws IOException {
        Path latest = latestFile(event);
        return Files.exists(latest) && Files.readString(latest).compareTo(field(event, "timestamp")) > 0;
    }

    Path latestFile(String event) {
        return photoFile(event).resolveSibling(photoFile(event).getFileName() + ".at");
    }

    byte[] pull(String url) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build();
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200 ? answer.body() : null;
        } catch (IOException | IllegalArgumentException fault) {
            return null;
        } catch (InterruptedException fault) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** 照片编号形如 ph_…，取自 photo 对象。 */
    Path photoFile(String event) {
        Matcher photo = Pattern.compile("\"photo\"\\s*:\\s*\\{[^{}]*?\"id\"\\s*:\\s*\"(ph_[0-9A-Za-z]+)\"").matcher(event);
        if (!photo.find()) {
            throw new IllegalArgumentException("no photo id");
        }
        return directory.resolve(photo.group(1) + ".jpg");
    }

    /** 取一个文本字段。JDK 没有 JSON 解析器；正式项目请改用 Jackson 或 fastjson。 */
    static String field(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"\\\\]*)\"").matcher(json);
        return found.find() ? found.group(1) : null;
    }

    static String sha256(byte[] bytes) throws GeneralSecurityException {
        StringBuilder hex = new StringBuilder();
        for (byte b : MessageDigest.getInstance("SHA-256").digest(bytes)) {
            hex.append(String.format("%02x", b));
        }
        return hex.toString();
    }

    void handle(HttpExchange exchange) throws IOException {
        int status;
        try {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
            String id = exchange.getRequestHeaders().getFirst("webhook-id");
            String timestamp = exchange.getRequestHeaders().getFirst("webhook-timestamp");
            String signatures = exchange.getRequestHeaders().getFirst("webhook-signature");
            if (body.length > MAX_BODY) {
                status = 413;
            } else if (!verified(id, timestamp, signatures, body)) {
                status = 401;
            } else {
                status = keep(id, new String(body, StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException fault) {
            status = 400;
        } catch (GeneralSecurityException fault) {
            status = 500;
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    public static void main(String[] args) throws IOException {
        Path directory = Files.createDirectories(Path.of(args[1]));
        Receiver receiver = new Receiver(System.getenv("WEBHOOK_SECRETS").trim().split("\\s+"), directory);
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
        server.createContext("/", receiver::handle);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
        System.out.println("listening on " + server.getAddress().getPort());
    }
}
