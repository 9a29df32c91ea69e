//! The client is served as a single-page app, and a player logs in. One replica, asked past Traefik.

mod files;

use acceptance::{
    answer::{expect, header, refused},
    player::{HOST, Player, cookie_of},
};
use anyhow::{Context, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use stack::Stack;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A stack of one replica, and the replica's address.
async fn one_replica() -> anyhow::Result<(Stack, String)> {
    let mut stack = Stack::builder().start().await?;
    let address = stack.replica(0)?.address().to_owned();
    Ok((stack, address))
}

#[tokio::test]
async fn the_root_and_every_deep_link_are_the_client() -> anyhow::Result<()> {
    let (stack, address) = one_replica().await?;
    let browser = Player::nobody("")?;
    let built = stack.topology().root.join("client/dist/index.html");
    let built = std::fs::read_to_string(built)?;
    for path in ["/", "/lobby", "/games/7?seat=2", "/v1.2/rules", "/apiary"] {
        let page = expect(browser.get(&address, path).send().await?, 200).await?;
        for (name, value) in [
            ("content-type", "text/html"),
            ("cache-control", "no-cache"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ] {
            let got = header(&page, name)?;
            ensure!(got.starts_with(value), "{path}: {name} is {got}");
        }
        let policy = header(&page, "content-security-policy")?;
        ensure!(policy.contains("frame-ancestors 'none'"), "{policy}");
        ensure!(!policy.contains("unsafe"), "{policy}");
        ensure!(page.text().await? == built, "{path} is another page");
    }
    // Through Traefik as well, as a browser gets it.
    let page = browser.get(&stack.address(), "/lobby").send().await?;
    ensure!(expect(page, 200).await?.text().await? == built);
    Ok(())
}

/// A proxy or a browser that keeps such an answer would keep it when there is a file again.
#[tokio::test]
async fn that_a_file_is_missing_is_kept_by_nobody() -> anyhow::Result<()> {
    let (_stack, address) = one_replica().await?;
    let browser = Player::nobody("")?;
    let (name, path) = ("a".repeat(4000), "/a".repeat(3000));
    for file in [
        "/assets/missing-1a2b3c4d.js",
        "/assets/",
        "/missing.js",
        // Which no file system would look for.
        &format!("/assets/{name}.js"),
        &format!("/assets/{}", &name[..254]),
        &format!("/{name}.js"),
        &format!("/assets{path}.js"),
    ] {
        let missing = browser.get(&address, file).send().await?;
        let cache = header(&missing, "cache-control")?;
        ensure!(cache == "no-store", "{file}: {cache}");
        refused(missing, 404).await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_is_unknown_below_the_servers_own_paths_is_no_page() -> anyhow::Result<()> {
    let (stack, address) = one_replica().await?;
    for path in [
        "/api",
        "/api/nowhere",
        "/api/messages/1",
        "/health",
        "/health/nowhere",
    ] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"] {
            let method = Method::from_bytes(method.as_bytes())?;
            let request = stack
                .client()
                .request(method, format!("http://{address}{path}"));
            let told = refused(request.send().await?, 404).await?;
            ensure!(told.contains(path), "{told}");
        }
    }
    Ok(())
}

/// Asks for exactly this path. A usual client would tidy it up first.
async fn ask_raw(address: &str, path: &str) -> anyhow::Result<String> {
    let mut connection = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {HOST}\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test]
async fn no_path_leads_out_of_the_clients_folder() -> anyhow::Result<()> {
    let (stack, address) = one_replica().await?;
    let page = ask_raw(&address, "/").await?;
    let (_, page) = page.split_once("\r\n\r\n").context("no page")?;
    let root = stack.topology().root.to_string_lossy().into_owned();
    let out = [
        "../",
        "%2e%2e/",
        "..%2f",
        "%2e%2e%2f",
        "..%5c",
        ".%2e/",
        "%252e%252e/",
    ];
    let mut paths: Vec<String> = Vec::new();
    for out in out {
        for below in ["/", "/assets/", "/lobby/", "//"] {
            // The client is built into client/dist.
            paths.push(format!("{below}{out}package.json"));
            paths.push(format!("{below}{}Cargo.toml", out.repeat(3)));
            paths.push(format!("{below}{}etc/passwd", out.repeat(20)));
        }
    }
    paths.push(format!("/{root}/Cargo.toml"));
    paths.push(format!("/assets/{root}/Cargo.toml"));
    paths.push(format!("/%2f{}/Cargo.toml", root.replace('/', "%2f")));
    for nul in [
        "/%00",
        "/index.html%00.js",
        "/assets/%00",
        "/..%00/Cargo.toml",
        "/\0",
    ] {
        paths.push(nul.to_owned());
    }
    for path in paths {
        let answer = ask_raw(&address, &path).await?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        // A path without a dot in its last part is a page of the app, whatever stands before it.
        let harmless = head.starts_with("HTTP/1.1 4") || body == page;
        ensure!(harmless, "{path:?} gave {answer:.200}");
    }
    Ok(())
}

#[tokio::test]
async fn without_a_built_client_everything_else_works() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("CLIENT_FOLDER", "/nowhere/client/dist");
    let mut stack = builder.start().await?;
    let replica = stack.replica(0)?;
    let browser = Player::nobody("")?;
    for path in ["/", "/lobby"] {
        let told = refused(browser.get(replica.address(), path).send().await?, 503).await?;
        ensure!(told.contains("npm run build"), "{told}");
    }
    let asset = browser
        .get(replica.address(), "/assets/a.js")
        .send()
        .await?;
    refused(asset, 404).await?;
    expect(browser.get(replica.address(), "/plain").send().await?, 200).await?;
    Player::log_in(replica.address(), "Ada").await?;
    let log = replica.log().lines();
    let told: Vec<_> = log
        .iter()
        .filter(|line| line.contains("npm run build"))
        .collect();
    ensure!(
        told.len() == 1 && told[0].contains("/nowhere/client/dist"),
        "{told:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_login_is_a_cookie_that_no_script_can_read() -> anyhow::Result<()> {
    let (stack, address) = one_replica().await?;
    let nobody = Player::nobody("")?;
    ensure!(nobody.known_as(&address).await?.is_none());
    let answer = nobody.try_log_in(&address, "  Ada \t Lovelace ").await?;
    let answer = expect(answer, 200).await?;
    let cookie = header(&answer, "set-cookie")?;
    let port = stack.address();
    let port = port.rsplit(':').next().unwrap_or_default();
    // Another system on this host has another port, and a browser sends a cookie to all ports of a host.
    let name = format!("session_{port}=");
    for part in [&name, "HttpOnly", "SameSite=Lax", "Path=/"] {
        ensure!(cookie.contains(part), "no {part} in {cookie}");
    }
    // Over plain HTTP a browser would never send it back.
    ensure!(!cookie.contains("Secure"), "{cookie}");
    let body: Value = answer.json().await?;
    ensure!(
        body["name"] == "Ada Lovelace" && body["replica"] == "webserver-1",
        "{body}"
    );

    let ada = Player::log_in(&address, "Ada").await?;
    ensure!(ada.known_as(&address).await?.as_deref() == Some("Ada"));
    let goodbye = ada.post(&address, "/api/logout", &json!({})).send().await?;
    let goodbye = expect(goodbye, 204).await?;
    ensure!(header(&goodbye, "set-cookie")?.contains("Max-Age=0"));
    // A copy of the cookie is worth nothing, either.
    ensure!(ada.known_as(&address).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_its_host() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("COOKIE_SECURE", "true");
    let mut stack = builder.start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let answer = Player::nobody("")?.try_log_in(&address, "Ada").await?;
    let answer = expect(answer, 200).await?;
    let cookie = header(&answer, "set-cookie")?;
    ensure!(cookie.starts_with("__Host-session_"), "{cookie}");
    // A browser keeps a cookie of such a name only with these, and without a domain.
    for part in ["Secure", "Path=/"] {
        ensure!(cookie.contains(part), "no {part} in {cookie}");
    }
    ensure!(!cookie.contains("Domain"), "{cookie}");
    let ada = Player::nobody(&cookie_of(&answer)?)?;
    ensure!(ada.known_as(&address).await?.as_deref() == Some("Ada"));
    Ok(())
}

#[tokio::test]
async fn what_is_no_name_is_refused_with_what_is_accepted() -> anyhow::Result<()> {
    let (stack, address) = one_replica().await?;
    let nobody = Player::nobody("")?;
    let long = "x".repeat(33);
    let names = [
        "",
        "   ",
        &long,
        "a\0b",
        "a\u{200b}b",
        "a\u{202e}b",
        "\u{e000}",
        // A mark on nothing, a stack of them, and what leaves the page blank.
        "\u{301}",
        "a\u{333}\u{333}\u{333}\u{333}\u{333}",
        "\u{2800}",
    ];
    for name in names {
        let told = refused(nobody.try_log_in(&address, name).await?, 422).await?;
        ensure!(told.contains("1 to 32 visible characters"), "{told}");
    }
    for name in [
        "山羊",
        "🐐",
        &"ü".repeat(32),
        // With joiners: Persian, Sinhala, and an astronaut.
        "علی\u{200c}رضا",
        "ශ්\u{200d}රී",
        "👩🏽\u{200d}🚀",
    ] {
        expect(nobody.try_log_in(&address, name).await?, 200).await?;
    }
    // Names that would be taken for the system, a replica, or what the page says of whoever sits before it.
    for name in [
        "system",
        "ЅУЅТЕМ",
        "ｓystem",
        "webserver-1",
        "Ada (you)",
        "Ada （уоu）",
    ] {
        let answer = nobody.try_log_in(&address, name).await?;
        let told: Value = expect(answer, 422).await?.json().await?;
        ensure!(told["code"] == "name_reserved", "{name}: {told}");
    }
    let url = format!("http://{address}/api/login");
    let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(100_000));
    for (status, kind, body) in [
        (400, "application/json", ""),
        (400, "application/json", "{"),
        (422, "application/json", "null"),
        (422, "application/json", "{}"),
        (422, "application/json", r#"{"name":7}"#),
        // What a form on another page can send.
        (415, "text/plain", r#"{"name":"Ada"}"#),
        (415, "application/x-www-form-urlencoded", "name=Ada"),
        (413, "application/json", &large),
    ] {
        let request = stack.client().post(&url).header("content-type", kind);
        let answer = request.body(body.to_owned()).send().await?;
        ensure!(!answer.headers().contains_key("set-cookie"), "{body:.50}");
        refused(answer, status)
            .await
            .context(body[..body.len().min(50)].to_owned())?;
    }
    Ok(())
}

/// Whoever is answered while they still send may never read the answer, and a proxy says 502 then.
#[tokio::test]
async fn a_body_that_is_too_large_is_told_so_through_the_proxy_too() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 1).start().await?;
    let url = format!("http://{}/api/login", stack.address());
    for length in [17_000, 60_000, 300_000, 1_000_000] {
        for _ in 0..5 {
            let request = stack.client().post(&url).header("host", HOST);
            let request = request.header("content-type", "application/json");
            let answer = request.body("x".repeat(length)).send().await?;
            refused(answer, 413).await.context(length)?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_page_of_another_site_can_do_nothing() -> anyhow::Result<()> {
    let (_stack, address) = one_replica().await?;
    let ada = Player::log_in(&address, "Ada").await?;
    let foreign = [
        "null",
        "http://evil.example",
        "http://webserver.localhost:1",
        "file://",
    ];
    for origin in foreign {
        for (path, body) in [
            ("/api/login", json!({ "name": "Eve" })),
            ("/api/logout", json!({})),
        ] {
            let request = ada.post(&address, path, &body).header("origin", origin);
            let told = refused(request.send().await?, 403).await?;
            ensure!(told.contains("another site"), "{told}");
        }
        // To read is harmless: the browser does not show the answer to a page of another site.
        let read = ada
            .get(&address, "/api/me")
            .header("origin", origin)
            .send()
            .await?;
        let read = expect(read, 200).await?;
        ensure!(!read.headers().contains_key("access-control-allow-origin"));
    }
    // What the browser itself says of the page that asks goes before what the page is called.
    for site in ["same-site", "cross-site"] {
        let request = ada.post(&address, "/api/logout", &json!({}));
        let request = request.header("origin", format!("http://{HOST}"));
        let answer = request.header("sec-fetch-site", site).send().await?;
        refused(answer, 403).await?;
    }
    ensure!(ada.known_as(&address).await?.as_deref() == Some("Ada"));
    let ours = ada.post(&address, "/api/login", &json!({ "name": "Ada" }));
    let ours = ours.header("origin", format!("http://{HOST}"));
    expect(ours.send().await?, 200).await?;
    // With the port that the scheme implies, as a proxy may write it.
    let ours = ada.post(&address, "/api/login", &json!({ "name": "Ada" }));
    let ours = ours.header("origin", format!("http://{HOST}:80"));
    expect(ours.send().await?, 200).await?;
    Ok(())
}

/// The same name again is the same player, and whoever else is called the same is another.
#[tokio::test]
async fn players_are_told_apart_whatever_they_are_called() -> anyhow::Result<()> {
    let (_stack, address) = one_replica().await?;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let mut player = Player::nobody("")?;
        for name in ["Ada", "Ada", "Bob"] {
            let answer = expect(player.try_log_in(&address, name).await?, 200).await?;
            player = Player::nobody(&cookie_of(&answer)?)?;
            let told: Value = answer.json().await?;
            let me: Value = player.get(&address, "/api/me").send().await?.json().await?;
            ensure!(told["player"] == me["player"], "{told} and {me}");
            let id = told["player"].as_str().unwrap_or_default().to_owned();
            ensure!(id.len() == 16, "{told}");
            ids.push(id);
        }
    }
    ensure!(ids[0] == ids[1] && ids[3] == ids[4], "{ids:?}");
    for (one, other) in [(0, 2), (0, 3), (2, 5), (3, 5)] {
        ensure!(ids[one] != ids[other], "{ids:?}");
    }
    let nobody = Player::nobody("")?;
    let me: Value = nobody.get(&address, "/api/me").send().await?.json().await?;
    ensure!(me["player"].is_null() && me["name"].is_null(), "{me}");
    Ok(())
}

/// *Session fixation*: somebody slips a player a session id that they know, and waits for the player to log in.
#[tokio::test]
async fn an_id_from_before_the_login_is_worth_nothing_after_it() -> anyhow::Result<()> {
    let (_stack, address) = one_replica().await?;
    let mallory = Player::log_in(&address, "Mallory").await?;
    let gone = Player::log_in(&address, "Gone").await?;
    gone.post(&address, "/api/logout", &json!({}))
        .send()
        .await?;
    // One that the server knows, one that it has forgotten, and one that it could never have made.
    for planted in [mallory.cookie(), gone.cookie(), "session=of-my-own-choice"] {
        let victim = Player::nobody(planted)?;
        let answer = expect(victim.try_log_in(&address, "Ada").await?, 200).await?;
        let renewed = cookie_of(&answer)?;
        ensure!(renewed != planted, "{planted} was kept");
        let ada = Player::nobody(&renewed)?;
        ensure!(ada.known_as(&address).await?.as_deref() == Some("Ada"));
        let name = Player::nobody(planted)?.known_as(&address).await?;
        ensure!(name.is_none(), "{planted} is taken for {name:?}");
    }
    Ok(())
}
