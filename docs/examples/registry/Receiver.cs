// 接收校园证件照通知的最小服务：.NET 8 以上，ASP.NET Core。
//
// 新建项目： dotnet new web -o Receiver ，用本文件替换 Program.cs。
// 运行： WEBHOOK_SECRETS="whsec_…" WEBHOOK_DIR=/var/lib/photos dotnet run --urls http://127.0.0.1:9000
// 轮换密钥期间可写两个，用空格隔开。

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

const long ToleranceSeconds = 300;
const long MaxBody = 4 * 1024 * 1024; // 通知里带照片时，2 MB 的照片写成 Base64 约 2.7 MB

var secrets = (Environment.GetEnvironmentVariable("WEBHOOK_SECRETS") ?? "")
    .Split(' ', StringSplitOptions.RemoveEmptyEntries);
var directory = Directory.CreateDirectory(Environment.GetEnvironmentVariable("WEBHOOK_DIR") ?? "inbox").FullName;
using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
using var oneAtATime = new SemaphoreSlim(1);

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = MaxBody);
var app = builder.Build();

app.MapPost("/hook", async (HttpRequest request) =>
{
    using var buffer = new MemoryStream();
    await request.Body.CopyToAsync(buffer);
    var body = buffer.ToArray();
    var id = request.Headers["webhook-id"].ToString();
    if (!Verified(id, request.Headers["webhook-timestamp"].ToString(),
            request.Headers["webhook-signature"].ToString(), body))
    {
        return Results.StatusCode(401);
    }
    await oneAtATime.WaitAsync();
    try
    {
        return Results.StatusCode(await Keep(id, body));
    }
    catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
    {
        return Results.StatusCode(400);
    }
    finally
    {
        oneAtATime.Release();
    }
});

app.Run();

// 签名正确且时间相差不超过五分钟。body 必须是收到的原始字节，不能先解析再序列化。
bool Verified(string id, string timestamp, string signatures, byte[] body)
{
    if (id == "" || !Regex.IsMatch(timestamp, @"\A[0-9]{1,12}\z"))
    {
        return false;
    }
    var sentAt = long.Parse(timestamp, CultureInfo.InvariantCulture);
    if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - sentAt) > ToleranceSeconds)
    {
        return false;
    }
    var signed = Encoding.UTF8.GetBytes($"{id}.{timestamp}.").Concat(body).ToArray();
    var matched = false;
    foreach (var secret in secrets)
    {
        var key = Convert.FromBase64String(secret.StartsWith("whsec_", StringComparison.Ordinal) ? secret[6..] : secret);
        var expected = Encoding.ASCII.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
        foreach (var given in signatures.Split(' '))
        {
            // FixedTimeEquals 用时固定；不要用 ==
            matched |= CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(given));
        }
    }
    return matched;
}

// 保存一条通知，返回 HTTP 状态码。同一编号只处理一次。
async Task<int> Keep(string messageId, byte[] body)
{
    var done = Path.Combine(directory, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(messageId))) + ".json");
    if (File.Exists(done))
    {
        return 204;
    }
    using var parsed = JsonDocument.Parse(body);
    var type = parsed.RootElement.GetProperty("type").GetString();
    var data = parsed.RootElement.GetProperty("data");
    var timestamp = parsed.RootElement.GetProperty("timestamp").GetString();
    if (data.TryGetProperty("photo", out _) && HeardLater(data, timestamp))
    {
        // 迟到的旧通知：只记下，不动照片
    }
    else if (type == "photo.revoked")
    {
        File.Delete(PhotoFile(data));
        await File.WriteAllTextAsync(PhotoFile(data) + ".at", timestamp);
    }
    else if (Embedded(data) is not null || data.TryGetProperty("pull_url", out _))
    {
        byte[] photo;
        try
        {
            photo = Embedded(data) is { } text
                ? Convert.FromBase64String(text)
                : await client.GetByteArrayAsync(data.GetProperty("pull_url").GetString());
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return 503; // 暂时取不到：我们会再次发送
        }
        var announced = data.GetProperty("photo");
        if (photo.Length != announced.GetProperty("bytes").GetInt32()
            || Hex(SHA256.HashData(photo)) != announced.GetProperty("sha256").GetString())
        {
            return 422;
        }
        await File.WriteAllBytesAsync(PhotoFile(data), photo);
        await File.WriteAllTextAsync(PhotoFile(data) + ".at", timestamp);
    }
    await File.WriteAllTextAsync(done, WithoutJpeg(body));
    return 204;
}

// 同一张照片以 timestamp 最晚的通知为准。timestamp 都是 UTC，按文字比较即可。
bool HeardLater(JsonElement data, string? timestamp) =>
    File.Exists(PhotoFile(data) + ".at")
    && string.CompareOrdinal(File.ReadAllText(PhotoFile(data) + ".at"), timestamp) > 0;

// 通知里带着的照片（Base64）；没有带则为 null。
static string? Embedded(JsonElement data) =>
    data.TryGetProperty("photo", out var photo) && photo.TryGetProperty("jpeg_base64", out var text)
        ? text.GetString()
        : null;

// 照片只存一份，撤销时才删得干净。
static string WithoutJpeg(byte[] body)
{
    var notice = JsonNode.Parse(body)!;
    (notice["data"]?["photo"] as JsonObject)?.Remove("jpeg_base64");
    return notice.ToJsonString();
}

// 照片编号形如 ph_…，不合规的编号不能成为文件名。
string PhotoFile(JsonElement data)
{
    var id = data.GetProperty("photo").GetProperty("id").GetString() ?? "";
    return Regex.IsMatch(id, @"\Aph_[0-9A-Za-z]+\z")
        ? Path.Combine(directory, id + ".jpg")
        : throw new JsonException("photo id");
}

static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
